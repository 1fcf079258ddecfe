from collections.abc import Sequence

import pytest

from svcproof.addresses import Span
from svcproof.fault import mutated
from svcproof.lab.faults.load_balancer import FAULTS
from svcproof.lab.loadbalancer.pool import Holding, Refused
from svcproof.lab.loadbalancer.rules import Rules
from svcproof.model.cluster_spec import AddressSpan
from tests.lab.loadbalancer.samples import Object, service

SPANS = (AddressSpan(first="172.30.0.200", last="172.30.0.201"),)
FIRST, SECOND = "172.30.0.200", "172.30.0.201"
SHARED = {"metallb.io/allow-shared-ip": "key"}


def choose(
    one: Object,
    *others: tuple[str, Object],
    current: tuple[str, ...] = (),
    spans: Sequence[Span] = SPANS,
    given_back: Sequence[str] = (),
    fault: str = "",
) -> tuple[str, ...]:
    rules = mutated(Rules(), FAULTS, [fault])
    held = [Holding((address,), rules.request(other)) for address, other in others]
    request = rules.request(one)
    before = Holding(current, request) if current else None
    return rules.choose(rules.pool(spans), request, before, held, given_back)


def test_the_lowest_free_address_is_given() -> None:
    assert choose(service()) == (FIRST,)
    assert choose(service(), (FIRST, service("other"))) == (SECOND,)


def test_what_a_service_has_it_keeps() -> None:
    assert choose(service(), current=(SECOND,)) == (SECOND,)


def test_an_exhausted_pool_refuses() -> None:
    with pytest.raises(Refused, match="no available IPs"):
        choose(service(), (FIRST, service("a")), (SECOND, service("b")))


@pytest.mark.parametrize(
    "asking",
    [
        service(loadBalancerIP=SECOND),
        service(annotations={"metallb.io/loadBalancerIPs": SECOND}),
        service(annotations={"metallb.universe.tf/loadBalancerIPs": SECOND}),
    ],
    ids=["field", "annotation", "older annotation"],
)
def test_a_requested_address_is_given(asking: Object) -> None:
    assert choose(asking) == (SECOND,)
    assert choose(asking, current=(FIRST,)) == (SECOND,)
    with pytest.raises(Refused, match="in use"):
        choose(asking, (SECOND, service("other")))


def test_a_requested_address_outside_the_pool_is_refused() -> None:
    with pytest.raises(Refused, match="not in the pool"):
        choose(service(loadBalancerIP="172.30.0.9"))


def test_a_request_for_what_is_no_address_is_refused() -> None:
    with pytest.raises(Refused, match="no IP address"):
        choose(service(annotations={"metallb.io/loadBalancerIPs": "first"}))


def test_services_share_an_address_on_the_same_key_with_different_ports() -> None:
    other = service("other", annotations=SHARED, ports=[{"port": 443}])
    assert choose(service(annotations=SHARED), (FIRST, other)) == (FIRST,)


@pytest.mark.parametrize(
    "other",
    [
        service("no key", ports=[{"port": 443}]),
        service("same port", annotations=SHARED),
        service("local", annotations=SHARED, ports=[{"port": 443}], externalTrafficPolicy="Local", selector={"a": "b"}),
    ],
    ids=lambda one: one["metadata"]["name"],
)
def test_services_that_cannot_share_do_not(other: Object) -> None:
    assert choose(service(annotations=SHARED), (FIRST, other)) == (SECOND,)


def test_each_family_gets_an_address() -> None:
    spans = (*SPANS, AddressSpan(first="fd00::200", last="fd00::2ff"))
    dual = service(clusterIPs=["10.96.0.50", "fd00:10:96::50"])
    assert choose(dual, spans=spans) == (FIRST, "fd00::200")


@pytest.mark.parametrize(
    ("one", "ours"),
    [
        (service(), True),
        (service(type="NodePort"), False),
        (service(loadBalancerClass="example.com/other"), False),
        (service(clusterIP=""), False),
    ],
    ids=["plain", "other type", "other class", "no ClusterIP"],
)
def test_only_services_without_another_load_balancer_are_served(one: Object, ours: bool) -> None:
    assert Rules().is_ours(one) is ours


def test_faults_of_the_choice_show() -> None:
    assert choose(service(), fault="outside-pool") == ("172.30.0.202",)
    assert choose(service(), (FIRST, service("other")), fault="same-address-for-all") == (FIRST,)
    assert choose(service(loadBalancerIP=SECOND), fault="requested-address-ignored") == (FIRST,)
    other = service("other", annotations=SHARED, ports=[{"port": 443}])
    assert choose(service(annotations=SHARED), (FIRST, other), fault="sharing-refused") == (SECOND,)
    claiming = mutated(Rules(), FAULTS, ["class-of-others-claimed"])
    assert claiming.is_ours(service(loadBalancerClass="example.com/other"))


def test_an_address_given_back_rests_while_another_is_free() -> None:
    assert choose(service(), given_back=(FIRST,)) == (SECOND,)
    assert choose(service(), given_back=(SECOND, FIRST)) == (SECOND,)
