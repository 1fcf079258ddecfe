"""externalTrafficPolicy of a live Service changes, and with it which nodes answer at their node ports."""

from svcproof import (
    MUST,
    PROXY,
    SHOULD,
    Capability,
    Feature,
    answered,
    answered_by,
    behaviours,
    dropped,
    eventually,
    silent,
)

from ..clauses import SERVICE_API, VIRTUAL_IPS

EXTERNAL_POLICY = VIRTUAL_IPS + "#external-traffic-policy"
behaviour = behaviours(
    by=PROXY,
    level=MUST,
    spec=EXTERNAL_POLICY,
    requires={Capability.OUTSIDE_CLIENT, Capability.TWO_NODES, Feature.NODE_PORT, Feature.EXTERNAL_TRAFFIC_POLICY},
)


@behaviour(
    because="Under policy Local traffic goes to endpoints of the node it reaches; without one it goes nowhere.",
    fails_under={
        "proxy/etp-edit-ignored",
        "proxy/etp-local-ignored-everywhere",
        "proxy/etp-flip-cluster-to-local-breaks",
    },
)
def test_local_policy_set_on_a_live_service_closes_nodes_without_endpoint(db, nodes, outside):
    """When externalTrafficPolicy becomes Local, nodes without an endpoint go silent; one that has one goes on."""
    service = db.service(type="NodePort")
    with_endpoint, without_endpoint = service.at_node(nodes[0]), service.at_node(nodes[-1])
    eventually(lambda: outside.probe([with_endpoint, without_endpoint], times=3), answered)

    service.patch(externalTrafficPolicy="Local")
    eventually(lambda: outside.tcp(without_endpoint, times=3, timeout=0.5), silent)
    eventually(lambda: outside.tcp(with_endpoint, times=5), answered_by(db.names))


@behaviour(
    because="Traffic that is sent by mistake to a node without endpoints is dropped.",
    otherwise="A proxy that refuses: the traffic reaches no endpoint of another node then either.",
    spec=SERVICE_API + "#ServiceSpec",
    level=SHOULD,
    fails_under={"proxy/no-local-endpoint-refused"},
)
def test_local_policy_without_endpoint_here_drops(db, nodes, outside):
    """With externalTrafficPolicy Local, a node without an endpoint drops connections and does not refuse them."""
    service = db.service(type="NodePort")
    without_endpoint = service.at_node(nodes[-1])
    eventually(lambda: outside.tcp(without_endpoint), answered)

    service.patch(externalTrafficPolicy="Local")
    eventually(lambda: outside.tcp(without_endpoint, times=3, timeout=0.5), dropped)


@behaviour(
    because="Under policy Cluster traffic from outside goes to all ready endpoints, whichever node it reaches.",
    fails_under={"proxy/etp-edit-ignored", "proxy/etp-flip-cluster-to-local-breaks"},
)
def test_cluster_policy_set_on_a_live_service_opens_every_node(db, nodes, outside):
    """When externalTrafficPolicy becomes Cluster, nodes without an endpoint lead to those of others."""
    service = db.service(type="NodePort", externalTrafficPolicy="Local")
    eventually(lambda: outside.tcp(service.at_node(nodes[0])), answered)

    service.patch(externalTrafficPolicy="Cluster")
    targets = [service.at_node(node) for node in nodes]
    eventually(lambda: outside.probe(targets, times=3, timeout=0.5), answered_by(db.names))
