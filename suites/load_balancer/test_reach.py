"""Who reaches a Service at the address a load balancer assigned."""

from svcproof import (
    APART,
    MUST,
    PROXY,
    SHOULD,
    Capability,
    Feature,
    Outcome,
    answered,
    answered_by,
    answered_within,
    behaviours,
    control,
    eventually,
    refused,
)

from ..clauses import EVENLY, SERVICE, SERVICE_API, TOLD_OTHERWISE, VIRTUAL_IPS

LOAD_BALANCER_TYPE = SERVICE + "#loadbalancer"
POLICY = SERVICE_API + "#ServiceSpec"
DIRECTED = (
    "Traffic from the load balancer is directed at the backends: a node that it arrives at leads it to an endpoint."
)
WITHIN = "Traffic from within the cluster to a load balancer's address is led to any endpoint of the Service."
NOBODY = {"app": "nobody-has-this-label"}
TRIES = 40
"""Missing one of three equally likely backends in 40 tries happens once in 3.7 million runs."""
behaviour = behaviours(
    by=PROXY, level=MUST, spec=LOAD_BALANCER_TYPE, requires={Capability.LOAD_BALANCER, Feature.LOAD_BALANCER}
)


@behaviour(because=DIRECTED, requires={Capability.OUTSIDE_CLIENT}, fails_under={"proxy/load-balancer-ips-ignored"})
def test_load_balancer_address_reaches_a_backend_from_outside(echo, outside):
    """A client outside that connects to a Service's load balancer address and port is answered by an endpoint."""
    target = echo.service(type="LoadBalancer").at_load_balancer()
    with control("the address is announced"):
        eventually(lambda: outside.neighbour(target.address), bool)

    seen = eventually(lambda: outside.tcp(target, times=3), answered_within(echo.names))

    assert seen.backends <= echo.names


@behaviour(because=WITHIN, spec=POLICY, fails_under={"proxy/load-balancer-ips-ignored"})
def test_load_balancer_address_reaches_a_backend_from_pods_on_every_node(echo, clients, sweep):
    """A pod on any node reaches a Service at its load balancer address."""
    target = echo.service(type="LoadBalancer").at_load_balancer()

    seen = eventually(lambda: sweep(clients, [target], times=3), answered_within(echo.names))

    assert seen.backends <= echo.names


@behaviour(
    because=WITHIN, spec=POLICY, requires={Capability.HOST_NETWORK}, fails_under={"proxy/load-balancer-ips-ignored"}
)
def test_load_balancer_address_reaches_a_backend_from_every_node(echo, hosts, sweep):
    """A process in the host network of any node reaches a Service at its load balancer address."""
    target = echo.service(type="LoadBalancer").at_load_balancer()

    seen = eventually(lambda: sweep(hosts, [target], times=6), answered_within(echo.names))

    assert seen.backends <= echo.names


@behaviour(
    because=EVENLY,
    otherwise=TOLD_OTHERWISE,
    spec=SERVICE_API + "#ServiceSpec",
    requires={Capability.OUTSIDE_CLIENT},
    fails_under={"proxy/only-first-endpoint-used"},
)
def test_load_balancer_address_spreads_connections_over_all_endpoints(echo, outside):
    """New connections to a load balancer's address reach, in time, every ready endpoint."""
    target = echo.service(type="LoadBalancer").at_load_balancer()
    with control("the address is announced"):
        eventually(lambda: outside.neighbour(target.address), bool)

    seen = eventually(lambda: outside.tcp(target, times=TRIES), answered_by(echo.names))

    assert seen.backends == echo.names


@behaviour(because=DIRECTED, requires={Capability.OUTSIDE_CLIENT}, fails_under={"proxy/udp-not-served"})
def test_load_balancer_address_serves_udp(echo, outside):
    """A datagram to a UDP Service's load balancer address is answered from the address and port it was sent to."""
    ports = [{"port": 53, "targetPort": 5353, "protocol": "UDP"}]
    target = echo.service(type="LoadBalancer", ports=ports).at_load_balancer()
    with control("the address is announced"):
        eventually(lambda: outside.neighbour(target.address), bool)

    seen = eventually(lambda: outside.udp(target, times=3), answered)

    assert seen.ports == {5353}


@behaviour(because=DIRECTED, requires={Capability.OUTSIDE_CLIENT}, fails_under={"proxy/first-port-only"})
def test_load_balancer_address_serves_every_port(echo, outside):
    """Each port of a Service is served at its load balancer address, and leads to its own targetPort."""
    ports = [{"name": "main", "port": 80, "targetPort": "main"}, {"name": "other", "port": 81, "targetPort": "other"}]
    service = echo.service(type="LoadBalancer", ports=ports)
    targets = [service.at_load_balancer("main"), service.at_load_balancer("other")]
    with control("the address is announced"):
        eventually(lambda: outside.neighbour(targets[0].address), bool)

    seen = eventually(lambda: outside.probe(targets, times=3), answered)

    assert {(one.target.port, one.answer.port) for one in seen} == {(80, 8080), (81, 8081)}


@behaviour(spec=VIRTUAL_IPS, level=SHOULD, fails_under={"proxy/noep-syn-swallowed"})
def test_load_balancer_address_without_endpoints_refuses_at_once(echo, client, refusals_reach):
    """A connection to the address of a Service that has no endpoint left is refused, not left to time out."""
    service = echo.service(type="LoadBalancer")
    target = service.at_load_balancer()
    eventually(lambda: client.tcp(target), answered)
    refusals_reach(client, echo.pods[0].address)

    service.patch(selector=NOBODY)
    seen = eventually(lambda: client.tcp(target), refused, apart=APART)

    assert seen.outcomes == {Outcome.REFUSED}
