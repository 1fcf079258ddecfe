"""The addresses that a load balancer assigns, and takes back."""

from ipaddress import ip_address

from svcproof import (
    LOAD_BALANCER,
    MUST,
    SHOULD,
    Capability,
    Judged,
    behaviours,
    consistently,
    control,
    equals,
    eventually,
    in_words,
)

from ..clauses import METALLB, SERVICE
from .sharing import SHARED

LOAD_BALANCER_TYPE = SERVICE + "#loadbalancer"
REQUESTED = METALLB + "#requesting-specific-ips"
SHARING = METALLB + "#ip-address-sharing"
ADDRESSES = "the list of addresses in the status of the Service"
ASSIGNED = in_words("the status of the Service has an address", bool)
WITHDRAWN = in_words("the status of the Service has no address", lambda addresses: not addresses)
behaviour = behaviours(by=LOAD_BALANCER, level=SHOULD, spec=LOAD_BALANCER_TYPE, requires={Capability.LOAD_BALANCER})


@behaviour(
    because="What was provisioned for the Service is published in its status.",
    otherwise="A load balancer that publishes a host name, which this check cannot ask.",
    level=MUST,
    fails_under={"load-balancer/never-assigns"},
)
def test_load_balancer_assigns_an_address(echo):
    """A Service of type LoadBalancer is given an address, which its status names."""
    service = echo.service(type="LoadBalancer")

    eventually(lambda: service.assigned, ASSIGNED, within=Judged.ADDRESS_ASSIGNED)


@behaviour(spec=METALLB, requires={Capability.METALLB}, fails_under={"load-balancer/outside-pool"})
def test_load_balancer_takes_the_address_from_its_pool(echo, load_balancer_pool):
    """The address assigned to a Service is one of the pool the load balancer was told to use."""
    service = echo.service(type="LoadBalancer")

    address = ip_address(eventually(lambda: service.assigned, ASSIGNED, within=Judged.ADDRESS_ASSIGNED)[0])

    spans = [span for span in load_balancer_pool if span.first.version == address.version]
    pool = ", ".join(f"{span.first}-{span.last}" for span in spans)
    assert any(span.first <= address <= span.last for span in spans), f"{address} is an address of the pool {pool}"


@behaviour(spec=SHARING, requires={Capability.METALLB}, fails_under={"load-balancer/same-address-for-all"})
def test_load_balancer_gives_services_different_addresses(echo):
    """Services that do not ask to share an address are given different ones."""
    service, other = echo.service(type="LoadBalancer"), echo.service(type="LoadBalancer")

    first = eventually(lambda: service.assigned, ASSIGNED, within=Judged.ADDRESS_ASSIGNED)
    second = eventually(lambda: other.assigned, ASSIGNED, within=Judged.ADDRESS_ASSIGNED)

    assert set(first) & set(second) == set(), "the Services share no address"


@behaviour(spec=REQUESTED, requires={Capability.METALLB}, fails_under={"load-balancer/requested-address-ignored"})
def test_load_balancer_gives_the_address_asked_for(echo, load_balancer_address):
    """A Service that asks for a free address of the pool in spec.loadBalancerIP is given it."""
    service = echo.service(type="LoadBalancer", loadBalancerIP=load_balancer_address)

    addresses = eventually(lambda: service.assigned, ASSIGNED, within=Judged.ADDRESS_ASSIGNED)

    assert addresses == (load_balancer_address,), "the Service has the address it asks for"


@behaviour(spec=REQUESTED, requires={Capability.METALLB}, fails_under={"load-balancer/request-edit-ignored"})
def test_load_balancer_gives_another_address_when_it_is_asked_for(echo, load_balancer_address):
    """A Service that has an address, and then asks for another one that is free, is given that one."""
    service = echo.service(type="LoadBalancer")
    eventually(lambda: service.assigned, ASSIGNED, within=Judged.ADDRESS_ASSIGNED)

    service.patch(loadBalancerIP=load_balancer_address)
    eventually(
        lambda: service.assigned,
        equals((load_balancer_address,), "the addresses of the Service"),
        within=Judged.ADDRESS_ASSIGNED,
    )


@behaviour(
    because="A Service that names a class is for the implementation of that class, and others leave it alone.",
    spec=SERVICE + "#load-balancer-class",
    level=MUST,
    fails_under={"load-balancer/class-of-others-claimed"},
    kep=1959,
    since="1.24",
)
def test_load_balancer_ignores_services_of_another_class(echo):
    """A Service whose loadBalancerClass names another load balancer is left without an address."""
    others = echo.service(type="LoadBalancer", loadBalancerClass="example.com/nobody")
    later = echo.service(type="LoadBalancer")
    with control("a Service without a class is given an address meanwhile"):
        eventually(lambda: later.assigned, ASSIGNED, within=Judged.ADDRESS_ASSIGNED)

    consistently(lambda: others.assigned, WITHDRAWN, lasting=0.5)


@behaviour(spec=METALLB, requires={Capability.METALLB}, fails_under={"load-balancer/new-address-on-update"})
def test_load_balancer_address_stays_when_the_service_changes(echo):
    """A Service keeps its address when its ports change."""
    service, later = echo.service(type="LoadBalancer"), echo.service(type="LoadBalancer")
    before = eventually(lambda: service.assigned, ASSIGNED, within=Judged.ADDRESS_ASSIGNED)

    service.patch(ports=[{"port": 81, "targetPort": 8081}])
    later.patch(ports=[{"port": 81, "targetPort": 8081}])
    eventually(lambda: later.assigned, ASSIGNED, within=Judged.ADDRESS_ASSIGNED)
    consistently(lambda: service.assigned, equals(before, ADDRESSES), lasting=0.5)


@behaviour(requires={Capability.METALLB}, fails_under={"load-balancer/address-kept-after-type-change"}, alone=True)
def test_load_balancer_takes_the_address_back(echo):
    """The address of a Service that is no longer of type LoadBalancer is withdrawn, and another one can have it."""
    service = echo.service(type="LoadBalancer")
    assigned = eventually(lambda: service.assigned, ASSIGNED, within=Judged.ADDRESS_ASSIGNED)

    service.patch(type="ClusterIP")
    eventually(lambda: service.assigned, WITHDRAWN, within=Judged.ADDRESS_ASSIGNED)
    other = echo.service(type="LoadBalancer", loadBalancerIP=assigned[0])
    addresses = eventually(lambda: other.assigned, ASSIGNED, within=Judged.ADDRESS_ASSIGNED)

    assert addresses == assigned, "the Service has the address it asks for"


@behaviour(spec=SHARING, requires={Capability.METALLB}, fails_under={"load-balancer/sharing-refused"})
def test_load_balancer_lets_services_share_an_address(echo):
    """Services that allow it with the same key, and use different ports, are given the one address they ask for."""
    first = echo.service(type="LoadBalancer", metadata=SHARED)
    assigned = eventually(lambda: first.assigned, ASSIGNED, within=Judged.ADDRESS_ASSIGNED)

    ports = [{"port": 81, "targetPort": 8081}]
    second = echo.service(type="LoadBalancer", metadata=SHARED, loadBalancerIP=assigned[0], ports=ports)
    addresses = eventually(lambda: second.assigned, ASSIGNED, within=Judged.ADDRESS_ASSIGNED)

    assert addresses == assigned, "the Service has the address it asks for"
