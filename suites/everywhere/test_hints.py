"""Hints of EndpointSlices, for clients of every node and zone, at every door."""

from svcproof import MUST, PROXY, SHOULD, Capability, Feature, behaviours

from ..clauses import KEP, SAFEGUARDS, TRAFFIC_POLICY
from .world import Doors, endpoint, listed

behaviour = behaviours(by=PROXY, level=SHOULD, spec=SAFEGUARDS, requires={Capability.TWO_ZONES})


def zone(node):
    """The hint for the zone of a node."""
    return {"hints": {"forZones": [{"name": node.zone}]}}


@behaviour(
    because="Endpoints hinted for the zone of a client take its traffic, if each has a hint and one is for this zone.",
    requires={Feature.TRAFFIC_DISTRIBUTION},
    fails_under={"proxy/topology-hints-ignored"},
    kep=2433,
    since="1.33",
)
def test_hints_are_followed_for_everybody_at_every_door(workbench, echo, nodes, spare_address, everywhere):
    """Clients of each zone reach the endpoints hinted for it, at every door, unless an endpoint lacks a hint."""
    doors = Doors(workbench, spare_address)
    first, second, third = echo.pods
    near, far = zone(nodes[0]), zone(nodes[1])
    each, some, foreign = map(doors.service, ("each", "some", "foreign"))
    listed(workbench, each, endpoint(first, **near), endpoint(third, **far))
    listed(workbench, some, endpoint(first, **near), endpoint(second), endpoint(third, **far))
    listed(workbench, foreign, endpoint(first, hints={"forZones": [{"name": "elsewhere"}]}))

    everywhere(each, some, foreign, level=SHOULD)


@behaviour(
    spec=KEP + "/3015-prefer-same-node",
    because="Endpoints hinted for a node take the traffic of its clients, if each has such a hint and one is for it.",
    requires={Feature.TRAFFIC_DISTRIBUTION},
    fails_under={"proxy/hints-for-nodes-ignored"},
    kep=3015,
    since="1.35",
)
def test_hints_for_nodes_are_followed_for_everybody_at_every_door(workbench, echo, nodes, spare_address, everywhere):
    """Clients of each node reach the endpoints hinted for it, at every door, unless none is or one lacks a hint."""
    doors = Doors(workbench, spare_address)
    first, second, third = echo.pods
    here, there = ({"hints": {"forNodes": [{"name": node.name}]}} for node in nodes[:2])
    each, some = map(doors.service, ("each", "some"))
    listed(workbench, each, endpoint(first, **there), endpoint(third, **here))
    listed(workbench, some, endpoint(first, **here), endpoint(second), endpoint(third, **there))

    everywhere(each, some, level=SHOULD)


@behaviour(
    level=MUST,
    spec=TRAFFIC_POLICY,
    because="Under policy Local a node uses its own endpoints, and hints are for choosing among those of a cluster.",
    requires={Feature.INTERNAL_TRAFFIC_POLICY, Feature.EXTERNAL_TRAFFIC_POLICY},
    fails_under={"proxy/hints-followed-under-policy-local"},
    kep=2086,
    since="1.26",
)
def test_hints_have_no_say_under_policy_local(workbench, echo, nodes, spare_address, everywhere):
    """Under policy Local each node uses all of its own endpoints, though they are hinted for the zone of another."""
    doors = Doors(workbench, spare_address)
    first, second, third = echo.pods
    service = doors.service("local", internalTrafficPolicy="Local", externalTrafficPolicy="Local")
    near, far = zone(nodes[0]), zone(nodes[1])
    listed(workbench, service, endpoint(first, **far), endpoint(second, **near), endpoint(third, **near))

    everywhere(service)
