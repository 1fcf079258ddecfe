"""What a node port leads to when endpoints go."""

from svcproof import MUST, PROXY, Capability, Feature, answered, answered_by, behaviour, control, eventually

from ..clauses import VIRTUAL_IPS

TRIES = 20
"""One of two backends is missed in 20 tries once in a million runs."""


@behaviour(
    spec=VIRTUAL_IPS,
    level=MUST,
    by=PROXY,
    requires={Feature.NODE_PORT, Capability.OUTSIDE_CLIENT},
    fails_under={"proxy/nodeport-keeps-removed-endpoint"},
    because="The rules of each node are kept in step with the EndpointSlices that the API server has.",
)
def test_pod_that_leaves_gets_nothing_more_from_a_node_port(workbench, nodes, client, outside):
    """A pod whose labels no longer match gets no new connection through a node port, though it still listens."""
    pods = workbench.pods(count=2)
    leaving, staying = pods.pods
    service = pods.service(type="NodePort")
    target = service.at_node(nodes[0])
    eventually(lambda: outside.tcp(target, times=TRIES), answered_by(pods.names))

    leaving.relabel(app="elsewhere")
    workbench.await_endpoints(service, 1)
    seen = eventually(lambda: outside.tcp(target, times=TRIES), answered_by({staying.name}))

    with control("the pod that left still listens"):
        eventually(lambda: client.tcp(leaving.at(8080)), answered)
    assert seen.backends == {staying.name}
