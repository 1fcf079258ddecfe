"""Who asks in a sweep of a cluster, and where that is to the rules."""

from types import SimpleNamespace
from typing import Any

import pytest

from svcproof.agent.vantage import Vantage
from svcproof.everywhere import Everywhere
from svcproof.model.probe import Target
from svcproof.promise.doors import Kind
from svcproof.promise.expectation import Where
from svcproof.promise.world import Claims
from svcproof.sweep import Door

pytestmark = pytest.mark.timeout(10)


def vantage(name: str, address: str) -> Vantage:
    nothing: Any = None
    return Vantage(name=name, node="node-a", addresses=(address,), channel=nothing, recorder=nothing, shell=nothing)


def test_an_endpoint_in_the_network_of_its_node_asks_as_the_node_does() -> None:
    recorder: Any = None
    backends = [vantage("in-pod", "10.244.0.5"), vantage("on-node", "172.30.0.11"), vantage("elsewhere", "10.244.0.6")]
    everywhere = Everywhere(
        kube=recorder, home="shop", claims=Claims(), everyone={}, backends=lambda: backends, recorder=recorder
    )
    endpoints = [SimpleNamespace(addresses=each.addresses, terminating=False) for each in backends[:2]]
    world: Any = SimpleNamespace(
        nodes=(SimpleNamespace(addresses=("172.30.0.11",)),),
        slices=(SimpleNamespace(namespace="shop", service="web", endpoints=endpoints),),
        listeners=[SimpleNamespace(name=each.name, address=each.addresses[0]) for each in backends],
    )
    web = Door(target=Target("10.96.0.1", 80), kind=Kind.CLUSTER_IP, service="shop/web")

    askers = everywhere.askers(world, [web])

    assert {asker.client.name: asker.client.where for asker in askers} == {"in-pod": Where.POD, "on-node": Where.HOST}
