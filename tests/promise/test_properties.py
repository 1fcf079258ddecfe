"""Properties of the model, in random worlds."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from svcproof.model.probe import Target
from svcproof.model.vocabulary import Feature
from svcproof.promise import expect
from svcproof.promise.either import VALUES, either
from svcproof.promise.expectation import Answered, Client, Expectation, Where
from svcproof.promise.world import Policy, Port, World
from tests.promise.scene import CLIENTS, EVERYTHING, NODES, claiming, endpoints, slices, web
from tests.promise.worlds import cells, targets_of, worlds

pytestmark = pytest.mark.timeout(120)
FEW = settings(max_examples=40, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
RANDOM = st.randoms(use_true_random=False)


def some(scene: World, random: Random, number: int = 12) -> list[tuple[Client, Target]]:
    """Some of the cells of a world."""
    everything = cells(scene)
    return random.sample(everything, min(number, len(everything)))


def is_weaker(less: Expectation, more: Expectation) -> bool:
    """True if all that `less` allows includes all that `more` does."""
    return (
        less.answered in (more.answered, Answered.OPEN)
        and (less.may is None or (more.may is not None and more.may <= less.may))
        and less.must <= more.must
        # Of a client that nobody answers, staying with a backend says nothing: it holds for as long as one likes.
        and (more.answered is Answered.NEVER or less.sticky_seconds <= more.sticky_seconds)
    )


@FEW
@given(worlds(), RANDOM)
def test_an_expectation_is_of_one_piece(scene, random):
    for client, target in some(scene, random):
        expected = expect(scene, client, target)
        if expected.may is not None:
            assert expected.must <= expected.may
            assert expected.should is None or expected.must <= expected.should < expected.may
            assert expected.any_source <= expected.may
            assert bool(expected.may) is (expected.answered is not Answered.NEVER)
        assert expected.answered is not Answered.ALWAYS or not expected.silence
        promised = {aspect for aspect, promise in VALUES.items() if promise(expected) is not None}
        assert promised <= set(expected.rules)


@FEW
@given(worlds(), RANDOM)
def test_order_does_not_matter(scene, random):
    def shuffled(items):
        return tuple(random.sample(items, len(items)))

    mixed = replace(
        scene,
        services=shuffled([replace(item, ports=shuffled(item.ports)) for item in scene.services]),
        slices=shuffled(
            [replace(item, endpoints=shuffled(item.endpoints), ports=shuffled(item.ports)) for item in scene.slices]
        ),
        listeners=shuffled(scene.listeners),
        nodes=shuffled(scene.nodes),
    )
    for client, target in some(scene, random):
        one, other = expect(scene, client, target), expect(mixed, client, target)
        assert replace(one, rules={}) == replace(other, rules={})


@FEW
@given(worlds(), RANDOM)
def test_a_service_elsewhere_changes_nothing(scene, random):
    other = web(
        name="other",
        cluster_ips=("10.96.7.7", "fd00:96::7:7"),
        external_ips=("198.51.100.77",),
        ingress=(),
        ports=(Port(port=80, node_port=32000), Port(name="more", port=81, node_port=32001)),
    )
    beside = replace(
        scene, services=(other, *scene.services), slices=(*slices("a1 b2 c1-draining", service="other"), *scene.slices)
    )
    for client, target in some(scene, random):
        assert expect(scene, client, target) == expect(beside, client, target)


@FEW
@given(worlds(), RANDOM)
def test_who_answers_is_an_endpoint_of_a_service_that_is_asked(scene, random):
    for client, target in some(scene, random):
        asked = {
            item.name
            for item in scene.services
            if target.address in (*item.cluster_ips, *item.external_ips, *(entry.address for entry in item.ingress))
            or any(port.node_port == target.port for port in item.ports)
        }
        listed = {
            (address, port.port)
            for item in scene.slices
            if item.service in asked
            for endpoint in item.endpoints
            for address in endpoint.addresses
            for port in item.ports
        }
        assert (expect(scene, client, target).may or frozenset()) <= listed


@FEW
@given(worlds(), RANDOM)
def test_one_endpoint_more_keeps_nobody_from_being_answered(scene, random):
    if not scene.slices:
        return
    first, *rest = scene.slices
    version = int(first.address_type[-1])
    more = replace(first, endpoints=(*first.endpoints, *endpoints("b4", version)))
    richer = replace(scene, slices=(more, *rest))
    for client, target in some(scene, random):
        if client.where is Where.POD and target.port > 30000:
            continue  # With an endpoint elsewhere a pod may be lost at another node's port.
        if expect(scene, client, target).answered is Answered.ALWAYS:
            assert expect(richer, client, target).answered is Answered.ALWAYS


@FEW
@given(worlds(odd=False, most=1), st.sampled_from([client for client in CLIENTS.values() if client.node]))
def test_doors_agree_inside_where_nothing_tells_them_apart(scene, client):
    (service,) = scene.services
    alike = replace(service, internal_policy=Policy.CLUSTER, source_ranges=())
    scene = replace(scene, services=(alike,))
    doors = [
        target
        for target in targets_of(scene)
        if target.port < 30000 and target.port != 79 and ":" not in target.address
    ]
    for protocol, port in {(target.protocol, target.port) for target in doors}:
        told = [
            replace(expect(scene, client, target), rules={}, sources=None, any_source=frozenset())
            for target in doors
            if (target.protocol, target.port) == (protocol, port)
        ]
        assert all(one == told[0] for one in told)


@FEW
@given(worlds(), RANDOM)
def test_policy_local_leads_clients_outside_to_the_node_they_ask_alone(scene, random):
    local = replace(scene, services=tuple(replace(item, external_policy=Policy.LOCAL) for item in scene.services))
    for node in NODES:
        on_it = {
            address
            for item in local.slices
            for endpoint in item.endpoints
            if endpoint.node == node.name
            for address in endpoint.addresses
        }
        for target in targets_of(local):
            if target.address in node.addresses and target.port > 30000:
                may = expect(local, CLIENTS["outside"], target).may or frozenset()
                assert {address for address, _ in may} <= on_it


@FEW
@given(worlds(), RANDOM, st.sets(st.sampled_from(sorted(EVERYTHING - {Feature.CLIENT_ADDRESS}))), st.integers(20, 37))
def test_a_proxy_that_claims_less_is_asked_for_no_more(scene, random, without, release):
    less = claiming(scene, without=sorted(without)[:3], release=release)
    for client, target in some(scene, random, 6):
        assert is_weaker(expect(less, client, target), expect(scene, client, target))


@FEW
@given(worlds(), RANDOM)
def test_either_asks_for_no_more_than_each_and_does_not_mind_the_order(scene, random):
    parts = [expect(scene, client, target) for client, target in some(scene, random, 3)]
    why = next((rule for part in parts for rule in part.rules.values()), None)
    assert why is not None
    joined = either(parts, why)

    assert all(is_weaker(joined, part) for part in parts if part.answered is not Answered.NEVER)
    assert replace(either(parts[::-1], why), rules={}) == replace(joined, rules={})
    assert either([joined, joined], why) == joined
