"""The fields of EndpointSlices that are made by hand, for Services without a selector."""

from typing import Any

from svcproof import SHOULD, Capability, Feature

from ..clauses import ENDPOINT_SLICES, IN_STEP, SAFEGUARDS, SERVICE, SLICE_API, VIRTUAL_IPS
from .field import Field, ignored
from .handmade import listed, made, relabelled, removed, written, written_ports, zone_of_first
from .policies import OUTER

HINTS = "Endpoints that are hinted for the zone of a node get what its clients ask."
ECHO, OTHER, FAR, DB = listed("echo", 0), listed("echo", 1), listed("echo", 2), listed("db", 0)
UNREADY = {"ready": False, "serving": False, "terminating": False}
ENDING = {"ready": False, "serving": True, "terminating": True}
ENDED = {"ready": False, "serving": False, "terminating": True}
BY_NAME = "A port of a Service leads to the ports of its EndpointSlices that have its name and protocol."
BY_HAND: dict[str, Any] = {"selects": "nobody", "claim": {"spec": SERVICE + "#services-without-selectors"}}
ROWS = (
    Field(
        id="slice_endpoints_exchanged",
        path="EndpointSlice endpoints[].addresses",
        when="the endpoints in a live Service's slice are exchanged for as many others and back",
        arrange=made(ECHO, OTHER),
        edits=(written(FAR, DB), written(ECHO, OTHER)),
        because=IN_STEP,
        faults=ignored("endpoints"),
        flows=True,
        **BY_HAND,
    ),
    Field(
        id="slice_endpoint_added_or_removed",
        path="EndpointSlice endpoints",
        when="a live Service's slice is given an endpoint, loses the other, has it back and loses all",
        arrange=made(FAR),
        edits=(written(FAR, DB), written(DB), written(DB, FAR), written(FAR), written()),
        because=IN_STEP,
        faults=ignored("endpoints"),
        flows=True,
        **BY_HAND,
    ),
    Field(
        id="slice_ports_edited",
        path="EndpointSlice ports[].port, .name, .protocol",
        when="the ports of a live Service's slice change in number, in name and in protocol, and back",
        arrange=made(FAR, DB),
        edits=(
            written_ports({"port": 8081}, {"port": 5353}),
            written_ports({}, {}),
            written_ports({"name": "renamed"}, {}),
            written_ports({}, {}),
            written_ports({"protocol": "UDP"}, {"protocol": "TCP"}),
            written_ports({}, {}),
        ),
        because=BY_NAME,
        faults=ignored("endpoints"),
        **BY_HAND,
    ),
    Field(
        id="slice_conditions_edited",
        path="EndpointSlice endpoints[].conditions",
        when="an endpoint of a live Service becomes unready and terminating, alone and beside another, and ready again",
        selects="nobody",
        arrange=made(DB, FAR),
        edits=(
            written(DB.having(conditions=UNREADY), FAR),
            written(DB, FAR.having(conditions=ENDING)),
            written(DB.having(conditions=UNREADY), FAR.having(conditions=ENDING)),
            written(DB.having(conditions=ENDED), FAR.having(conditions=ENDED)),
            written(DB, FAR),
        ),
        because="Ready endpoints get new connections; where there are none, those that end and still serve do.",
        claim={
            "spec": VIRTUAL_IPS + "#traffic-to-terminating-endpoints",
            "requires": {Feature.TERMINATING_ENDPOINTS},
            "kep": 1669,
            "since": "1.28",
        },
        faults=ignored("conditions", back=True),
    ),
    Field(
        id="slice_conditions_edited",
        path="EndpointSlice endpoints[].conditions",
        when="the endpoints of a live Service become unready and terminating, and ready again",
        selects="nobody",
        arrange=made(DB, FAR),
        edits=(
            written(DB.having(conditions=UNREADY), FAR),
            written(DB, FAR.having(conditions=ENDING)),
            written(DB, FAR),
        ),
        because="By the time a node's terminating endpoints end, the load balancer has seen its health check fail.",
        claim={
            "spec": VIRTUAL_IPS + "#traffic-to-terminating-endpoints",
            "requires": {Feature.TERMINATING_ENDPOINTS},
            "kep": 1669,
            "since": "1.28",
        },
        faults=ignored("conditions", "health_check_port"),
    ),
    Field(
        id="slice_node_names_edited",
        path="EndpointSlice endpoints[].nodeName",
        when="the endpoints of a live Service with externalTrafficPolicy Local lose their nodeName and get it back",
        selects="nobody",
        begin={"externalTrafficPolicy": "Local"},
        arrange=made(DB, FAR),
        edits=(written(DB.having(nodeName=None), FAR), written(DB, FAR)),
        because="The nodeName of an endpoint says to which node it is local.",
        claim={
            "spec": SLICE_API,
            "requires": {Capability.TWO_NODES, Feature.EXTERNAL_TRAFFIC_POLICY},
        },
        faults=ignored("node-name", *OUTER, "health_check_port", back=True),
    ),
    Field(
        id="slice_node_names_edited",
        path="EndpointSlice endpoints[].nodeName",
        when="the endpoints of a live Service with internalTrafficPolicy Local lose their nodeName and get it back",
        selects="nobody",
        begin={"internalTrafficPolicy": "Local"},
        arrange=made(DB, FAR),
        edits=(written(DB.having(nodeName=None), FAR), written(DB, FAR)),
        because="The nodeName of an endpoint says to which node it is local.",
        claim={
            "spec": SLICE_API,
            "requires": {Capability.TWO_NODES, Feature.INTERNAL_TRAFFIC_POLICY},
            "kep": 2086,
            "since": "1.26",
        },
        faults=ignored("node-name", "cluster_ip"),
    ),
    Field(
        id="slice_hints_edited",
        path="EndpointSlice endpoints[].hints",
        when="the hints of a live Service's endpoints are exchanged, taken away, and as at first again",
        level=SHOULD,
        selects="nobody",
        arrange=made(DB.hinted(0), FAR.hinted(1)),
        edits=(
            written(DB.hinted(1), FAR.hinted(0)),
            written(DB, FAR),
            written(DB.hinted(0), FAR.hinted(1)),
        ),
        because=HINTS,
        claim={
            "spec": SAFEGUARDS,
            "requires": {Capability.TWO_ZONES, Feature.TRAFFIC_DISTRIBUTION},
            "kep": 2433,
            "since": "1.33",
        },
        faults=ignored("hints", back=True),
    ),
    Field(
        id="node_zone_edited",
        path="Node metadata.labels topology.kubernetes.io/zone",
        when="the zone of the first node becomes that of the second and its own again",
        level=SHOULD,
        selects="nobody",
        arrange=made(DB.hinted(0), FAR.hinted(1)),
        edits=(zone_of_first(1), zone_of_first(0)),
        because=HINTS,
        claim={
            "spec": SAFEGUARDS,
            "requires": {Capability.OWN_NODES, Capability.TWO_ZONES, Feature.TRAFFIC_DISTRIBUTION},
            "kep": 2433,
            "since": "1.33",
            "alone": True,
        },
        faults={"cluster_ip": {"zone-of-node-edit-ignored"}},
    ),
    Field(
        id="slice_deleted_and_made_anew",
        path="EndpointSlice",
        when="the only slice of a live Service is deleted, and another made",
        arrange=made(FAR, DB),
        edits=(removed, made(DB)),
        because=IN_STEP,
        faults=ignored("endpoints"),
        **BY_HAND,
    ),
    Field(
        id="slice_moved",
        path="EndpointSlice metadata.labels kubernetes.io/service-name",
        when="the slice of a live Service is labelled for another Service and back",
        level=SHOULD,  # No controller does it: kube-proxy, in each mode, goes on to serve the slice for the first, too.
        selects="nobody",
        arrange=made(FAR, DB),
        edits=(relabelled(service="another"), relabelled()),
        because="An EndpointSlice belongs to the Service that its label kubernetes.io/service-name names.",
        claim={"spec": ENDPOINT_SLICES + "#ownership"},
        faults=ignored("endpoints"),
    ),
    Field(
        id="slice_labelled_headless",
        path="EndpointSlice metadata.labels service.kubernetes.io/headless",
        when="the slice of a live Service is labelled headless and the label is taken off",
        arrange=made(FAR, DB),
        edits=(relabelled(headless=""), relabelled()),
        because="Without the label the slice is there for proxies like any other.",
        faults={place: {"endpoints-edit-back-ignored"} for place in ("cluster_ip", *OUTER)},
        **BY_HAND,
    ),
)
