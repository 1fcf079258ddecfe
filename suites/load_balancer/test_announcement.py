"""The node that answers for a load balancer's address."""

from svcproof import LOAD_BALANCER, SHOULD, Capability, Judged, announced, behaviours, control, eventually, in_words

from ..clauses import LABELS, METALLB_L2

EXCLUDE = "node.kubernetes.io/exclude-from-external-load-balancers"
behaviour = behaviours(
    by=LOAD_BALANCER,
    level=SHOULD,
    spec=METALLB_L2,
    requires={Capability.LOAD_BALANCER, Capability.METALLB, Capability.OUTSIDE_CLIENT, Capability.TWO_NODES},
)


def _places(client, nodes):
    """The nodes, by what answers ARP for their addresses."""
    with control("the client is on the link of the nodes, and sees who answers there"):
        places = {client.neighbour(node.addresses[0]): node for node in nodes}
        assert len(places.keys() - {""}) == len(nodes), "each node has a hardware address of its own"
    return places


@behaviour(fails_under={"load-balancer/not-announced"})
def test_load_balancer_address_is_announced_by_a_node(db, nodes, outside):
    """A node answers ARP for the address assigned to a Service."""
    places = _places(outside, nodes)
    address = db.service(type="LoadBalancer").load_balancer_addresses()[0]

    neighbour = eventually(lambda: outside.neighbour(address), announced, within=Judged.ADDRESS_ANNOUNCED)

    assert neighbour in places, "the hardware address is a node's"


@behaviour(fails_under={"load-balancer/announced-by-node-without-endpoint"})
def test_load_balancer_address_is_announced_where_the_endpoint_is(db, kube, nodes, outside):
    """Under externalTrafficPolicy Local a node that has an endpoint answers ARP for a Service's address."""
    with control("the node with the endpoint may announce"):
        assert EXCLUDE not in kube.get("Node", nodes[0].name)["metadata"].get("labels", {}), (
            "the node lacks the label that excludes it"
        )
    service = db.service(type="LoadBalancer", externalTrafficPolicy="Local")
    places, address = _places(outside, nodes), service.load_balancer_addresses()[0]

    def there(neighbour):
        """The node with the endpoint answers; until then, the client may remember who did for another Service."""
        return places.get(neighbour) == nodes[0]

    eventually(lambda: outside.neighbour(address), there, within=Judged.ADDRESS_ANNOUNCED)


@behaviour(
    spec=LABELS + "#node-kubernetes-io-exclude-from-external-load-balancers",
    requires={Capability.OWN_NODES},
    fails_under={"load-balancer/excluded-node-announces", "load-balancer/stays-with-first-node"},
    alone=True,
)
def test_load_balancer_address_leaves_an_excluded_node(db, kube, nodes, outside):
    """A node that gets the label that excludes it from load balancers no longer answers ARP for a Service's address."""
    address = db.service(type="LoadBalancer").load_balancer_addresses()[0]
    places = _places(outside, nodes)
    with control("a node announces the address"):
        by_a_node = in_words("the hardware address of a node answers for it", lambda neighbour: neighbour in places)
        first = places[eventually(lambda: outside.neighbour(address), by_a_node, within=Judged.ADDRESS_ANNOUNCED)]

    def elsewhere(neighbour):
        """Another node answers ARP for the address."""
        return neighbour in places and places[neighbour] != first

    kube.patch("Node", first.name, "", {"metadata": {"labels": {EXCLUDE: ""}}})
    try:
        neighbour = eventually(lambda: outside.neighbour(address), elsewhere, within=Judged.ADDRESS_ANNOUNCED)
    finally:
        kube.patch("Node", first.name, "", {"metadata": {"labels": {EXCLUDE: None}}})

    assert places[neighbour] != first, "another node answers for the address"
