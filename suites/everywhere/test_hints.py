"""Hints of EndpointSlices, for clients of every node and zone, at every door."""

from svcproof import PROXY, SHOULD, Capability, Feature, behaviours

from ..clauses import SAFEGUARDS
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
