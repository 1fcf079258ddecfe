"""Which node answers for a load balancer's address."""

from harness import LOAD_BALANCER, SHOULD, Capability, behaviour, control, eventually
from suites.clauses import LABELS, METALLB_L2

EXCLUDE = "node.kubernetes.io/exclude-from-external-load-balancers"
NEEDS = {Capability.LOAD_BALANCER, Capability.METALLB, Capability.OUTSIDE_CLIENT, Capability.TWO_NODES}
WITHIN = 15.0
"""Seconds that an announcement may take."""


def _found(neighbour: str) -> bool:
    """Somebody answers ARP for the address."""
    return bool(neighbour)


@behaviour(spec=METALLB_L2, level=SHOULD, by=LOAD_BALANCER, requires=NEEDS, fails_under={"load-balancer/not-announced"})
def test_load_balancer_address_is_announced_by_a_node(db, nodes, outside):
    """A node answers ARP for the address assigned to a Service."""
    address = db.service(type="LoadBalancer").load_balancer_addresses()[0]

    neighbour = eventually(lambda: outside.neighbour(address), _found, within=WITHIN)

    assert neighbour in {outside.neighbour(node.addresses[0]) for node in nodes}


@behaviour(
    spec=METALLB_L2,
    level=SHOULD,
    by=LOAD_BALANCER,
    requires=NEEDS,
    fails_under={"load-balancer/announced-by-node-without-endpoint"},
)
def test_load_balancer_address_is_announced_where_the_endpoint_is(db, nodes, outside):
    """Under externalTrafficPolicy Local a node that has an endpoint answers ARP for a Service's address."""
    service = db.service(type="LoadBalancer", externalTrafficPolicy="Local")
    address, place = service.load_balancer_addresses()[0], outside.neighbour(nodes[0].addresses[0])

    # Until it is heard of again, the client takes the address for where another Service has had it.
    neighbour = eventually(lambda: outside.neighbour(address), lambda found: found == place, within=WITHIN)

    assert neighbour == place


@behaviour(
    spec=LABELS + "#node-kubernetes-io-exclude-from-external-load-balancers",
    level=SHOULD,
    by=LOAD_BALANCER,
    requires=NEEDS,
    fails_under={"load-balancer/excluded-node-announces", "load-balancer/stays-with-first-node"},
    alone=True,
)
def test_load_balancer_address_leaves_an_excluded_node(db, kube, nodes, outside):
    """A node that gets the label that excludes it from load balancers no longer answers ARP for a Service's address."""
    address = db.service(type="LoadBalancer").load_balancer_addresses()[0]
    places = {outside.neighbour(node.addresses[0]): node for node in nodes}
    with control("a node announces the address"):
        first = places[eventually(lambda: outside.neighbour(address), places.__contains__, within=WITHIN)]

    kube.patch("Node", first.name, "", {"metadata": {"labels": {EXCLUDE: ""}}})
    try:
        others = places.keys() - {outside.neighbour(first.addresses[0])}
        neighbour = eventually(lambda: outside.neighbour(address), others.__contains__, within=WITHIN)
    finally:
        kube.patch("Node", first.name, "", {"metadata": {"labels": {EXCLUDE: None}}})

    assert places[neighbour] != first
