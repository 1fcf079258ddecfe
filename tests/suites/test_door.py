from inspect import signature
from types import SimpleNamespace

import pytest

from suites.doors.door import CLUSTER_IP, EXTERNAL_IP, LOAD_BALANCER, NODE_PORT, behaviour_at
from svcproof import MAY, MUST, Capability, Feature, Target
from svcproof.model.behaviour import claimed

CHECK = '''
@behaviour_at(
    {doors},
    because="All of them do.",
    fails_under={{"proxy/a"}},
)
def check(door, echo, seen):
    """A client is answered."""
    seen.append((door.targets(door.service(echo)), door.asker))
'''


@pytest.fixture
def declare():
    """A function that declares the check at these doors, and returns the names of its module."""

    def declare_check(*doors):
        names = {"behaviour_at": behaviour_at, "__name__": "checks", **{f"door_{n}": at for n, at in enumerate(doors)}}
        exec(CHECK.format(doors=", ".join(f"door_{n}" for n in range(len(doors)))), names)
        return names

    return declare_check


def test_a_check_shows_one_behaviour_at_each_door(declare):
    names = declare(CLUSTER_IP("inside", "A pod is answered."), NODE_PORT("at_nodes", "A client outside is answered."))

    inside, at_nodes = (claimed(names[f"test_{name}"], "doors") for name in ("inside", "at_nodes"))

    assert (inside.id, inside.area, inside.requirement) == ("inside", "cluster_ip", "A pod is answered.")
    assert (at_nodes.id, at_nodes.area) == ("at_nodes", "node_port")
    assert (inside.level, inside.because, inside.faults) == (MUST, "All of them do.", ("proxy/a",))
    assert (inside.capabilities, inside.features) == (frozenset(), frozenset())
    assert at_nodes.capabilities | at_nodes.features == {Capability.OUTSIDE_CLIENT, Feature.NODE_PORT}


def test_a_door_may_say_otherwise_and_needs_what_its_askers_need(declare):
    nodes = LOAD_BALANCER.using(askers="hosts")
    names = declare(nodes("own", "A node is answered.", level=MAY, area="updates", requires={Capability.TWO_NODES}))

    own = claimed(names["test_own"], "doors")

    assert (own.level, own.area, own.features) == (MAY, "updates", {Feature.LOAD_BALANCER})
    assert own.capabilities == {Capability.LOAD_BALANCER, Capability.HOST_NETWORK, Capability.TWO_NODES}


def test_the_test_of_a_door_asks_for_the_fixtures_of_door_and_check(declare):
    names = declare(EXTERNAL_IP.using(askers="clients")("within", "Pods are answered."))

    assert set(signature(names["test_within"]).parameters) == {"clients", "sweep", "external_address", "echo", "seen"}


def test_the_check_is_given_the_addresses_of_its_door(declare):
    service = SimpleNamespace(
        spec={"externalIPs": ["198.51.100.7"]}, at_address=lambda address, port: Target(address, port or 80)
    )
    made, seen = [], []
    echo = SimpleNamespace(service=lambda **spec: made.append(spec) or service)

    test = declare(EXTERNAL_IP("outside", "A client outside is answered."))["test_outside"]
    test(outside="a client", sweep=None, external_address=lambda: "198.51.100.7", echo=echo, seen=seen)

    assert made == [{"externalIPs": ["198.51.100.7"]}]
    assert seen == [([Target("198.51.100.7", 80)], "a client")]


def test_two_doors_of_one_id_are_refused(declare):
    with pytest.raises(TypeError, match="'same' is defined twice"):
        declare(CLUSTER_IP("same", "A pod is answered."), NODE_PORT("same", "A client is answered."))
