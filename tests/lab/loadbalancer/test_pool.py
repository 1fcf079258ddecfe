import pytest

from svcproof.lab.faults import load_balancer as fault
from svcproof.lab.loadbalancer.pool import Holding, Pool, Refused
from svcproof.lab.loadbalancer.wish import is_ours, wish
from svcproof.model.cluster_spec import AddressSpan
from tests.lab.loadbalancer.samples import Object, service

SPANS = (AddressSpan(first="172.30.0.200", last="172.30.0.201"),)
POOL = Pool(SPANS)
FIRST, SECOND = "172.30.0.200", "172.30.0.201"
SHARED = {"metallb.io/allow-shared-ip": "key"}


def choose(
    one: Object, *others: tuple[str, Object], current: tuple[str, ...] = (), pool: Pool = POOL, faults: str = ""
) -> tuple[str, ...]:
    switched_on = frozenset(filter(None, [faults]))
    held = [Holding((address,), wish(other, switched_on)) for address, other in others]
    return pool.choose(wish(one, switched_on), current, held)


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
    assert choose(dual, pool=Pool(spans)) == (FIRST, "fd00::200")


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
    assert is_ours(one, frozenset()) is ours


def test_faults_of_the_choice_show() -> None:
    assert choose(service(), pool=Pool(SPANS, frozenset({fault.OUTSIDE_POOL.name}))) == ("172.30.0.202",)
    same = Pool(SPANS, frozenset({fault.SAME_ADDRESS.name}))
    assert choose(service(), (FIRST, service("other")), pool=same) == (FIRST,)
    assert choose(service(loadBalancerIP=SECOND), faults=fault.REQUEST_IGNORED.name) == (FIRST,)
    other = service("other", annotations=SHARED, ports=[{"port": 443}])
    assert choose(service(annotations=SHARED), (FIRST, other), faults=fault.SHARING_REFUSED.name) == (SECOND,)
    claimed = frozenset({fault.CLASS_OF_OTHERS_CLAIMED.name})
    assert is_ours(service(loadBalancerClass="example.com/other"), claimed)


def test_an_address_given_back_rests_while_another_is_free() -> None:
    given_back = (FIRST,)

    assert Pool(SPANS).choose(wish(service(), frozenset()), (), [], given_back) == (SECOND,)
    assert Pool(SPANS).choose(wish(service(), frozenset()), (), [], (SECOND, FIRST)) == (SECOND,)
