"""The fields of a Service that say where its ports lead: its selector, and all of spec.ports."""

from ..clauses import IN_STEP, SERVICE
from .field import LOST, TCP_AND_UDP, Field, ignored
from .verbs import spec, unused_node_port

ECHO, DB, NOBODY = ({"app": app} for app in ("echo", "db", "nobody-has-this-label"))
STREAM, DATAGRAM = TCP_AND_UDP
MORE = {"name": "more", "port": 81, "targetPort": 8081, "protocol": "TCP"}


def ports(stream, datagram):
    """The usual two ports, with these keys changed."""
    return [{**STREAM, **stream}, {**DATAGRAM, **datagram}]


AS_BEGUN = spec(ports=ports({}, {}))
ROWS = (
    Field(
        id="selector_edited",
        path="Service spec.selector",
        when="a live Service's selector changes to other pods, to nobody's and back",
        edits=(spec(selector=DB), spec(selector=NOBODY), spec(selector=ECHO)),
        because=IN_STEP,
        faults=ignored("endpoints", back=True),
        flows=True,
    ),
    Field(
        id="target_port_edited",
        path="Service spec.ports[].targetPort",
        when="a live Service's targetPort changes to another number, to a name and back",
        edits=(
            spec(ports=ports({"targetPort": 8081}, {"targetPort": 5353})),
            spec(ports=ports({"targetPort": "main"}, {"targetPort": 8081})),
            AS_BEGUN,
        ),
        because=IN_STEP,
        faults=ignored("endpoints"),
        flows=True,
    ),
    Field(
        id="port_edited",
        path="Service spec.ports[].port",
        when="a live Service's port changes to another number and back",
        edits=(spec(ports=ports({"port": 81}, {"port": 53})), AS_BEGUN),
        because=IN_STEP,
        faults=ignored("ports", "cluster_ip", "external_ip", "load_balancer_address", lost=["node_port"], back=True),
    ),
    Field(
        id="port_added_or_removed",
        path="Service spec.ports",
        when="a live Service is given a port, loses others and has them back",
        edits=(spec(ports=[STREAM, DATAGRAM, MORE]), spec(ports=[DATAGRAM]), spec(ports=[MORE]), AS_BEGUN),
        because=IN_STEP,
        faults=ignored("ports"),
    ),
    Field(
        id="protocol_edited",
        path="Service spec.ports[].protocol",
        when="the protocol of a live Service's port changes from TCP to UDP and back",
        edits=(spec(ports=[{**STREAM, "protocol": "UDP"}]), spec(ports=[STREAM])),
        ports=(STREAM,),
        because="Each port of a Service has a protocol, and is served over that one.",
        faults=ignored("ports"),
    ),
    Field(
        id="node_port_edited",
        path="Service spec.ports[].nodePort",
        when="the node port of a live Service changes to another number and back",
        edits=(spec(ports=ports({"nodePort": unused_node_port}, {})), AS_BEGUN),
        because="Each node proxies the port that the Service has as its nodePort.",
        faults=ignored("ports", "node_port"),
    ),
    Field(
        id="port_name_edited",
        path="Service spec.ports[].name",
        when="the name of a live Service's port changes and changes back",
        edits=(spec(ports=ports({"name": "renamed"}, {})), AS_BEGUN),
        because="A port of a Service leads to the ports of its EndpointSlices that have the same name.",
        faults=ignored("ports"),
    ),
    Field(
        id="application_protocol_edited",
        path="Service spec.ports[].appProtocol",
        when="a live Service's port is given an appProtocol, another, and loses it",
        edits=(
            spec(ports=ports({"appProtocol": "http"}, {})),
            spec(ports=ports({"appProtocol": "kubernetes.io/h2c"}, {})),
            spec(ports=ports({"appProtocol": None}, {})),
        ),
        because="The appProtocol is a hint for those that offer more, and changes nothing for the others.",
        claim={"spec": SERVICE + "#application-protocol"},
        faults={
            "cluster_ip": {"port-with-app-protocol-left-out"},
            "load_balancer_address": {f"{LOST}-at-load-balancer"},
        },
    ),
)
