"""UDP clients that keep their socket while the endpoints of a Service change."""

from harness import (
    MAY,
    MUST,
    PROXY,
    Capability,
    Expired,
    Feature,
    answered,
    answered_by,
    behaviour,
    control,
    eventually,
    silent,
)

from ..clauses import VIRTUAL_IPS

DATAGRAMS = [{"name": "main", "port": 80, "targetPort": 8080, "protocol": "UDP"}]


@behaviour(
    spec=VIRTUAL_IPS,
    level=MUST,
    by=PROXY,
    requires={Feature.NODE_PORT, Capability.OUTSIDE_CLIENT},
    fails_under={"proxy/udp-nodeport-not-flushed"},
)
def test_udp_flow_to_a_node_port_moves_on_when_its_endpoint_is_gone(workbench, nodes, outside):
    """A client outside that keeps one UDP socket is answered by another endpoint after its own has left."""
    pods = workbench.pods(count=2, tcp=())
    service = pods.service(type="NodePort", ports=DATAGRAMS)
    target = service.at_node(nodes[0])
    eventually(lambda: outside.udp(target, times=3), answered)

    with outside.udp_flow(target) as flow:
        (first,) = eventually(lambda: flow.exchange(), answered).backends
        next(pod for pod in pods.pods if pod.name == first).relabel(app="elsewhere")
        workbench.await_endpoints(service, 1)
        seen = eventually(lambda: flow.exchange(), answered_by(pods.names - {first}))

    assert seen.backends == pods.names - {first}


@behaviour(spec=VIRTUAL_IPS, level=MUST, by=PROXY, fails_under={"proxy/udp-blackhole-zero-to-one"})
def test_udp_flow_older_than_the_first_endpoint_reaches_it(workbench, client):
    """A client that sends from one UDP socket before a Service has any endpoint is answered once there is one."""
    pods = workbench.pods(tcp=())
    service = workbench.service(selector={"app": "nobody-has-this-label"}, ports=DATAGRAMS)

    with client.udp_flow(service.at_cluster_ip()) as flow:
        flow.exchange(times=2, timeout=0.3)
        service.patch(selector=pods.labels)
        workbench.await_endpoints(service, 1)
        with control("the Service answers other sockets"):
            eventually(lambda: client.udp(service.at_cluster_ip()), answered)
        seen = eventually(lambda: flow.exchange(), answered)

    assert seen.backends == pods.names


@behaviour(spec=VIRTUAL_IPS, level=MAY, by=PROXY, fails_under={"proxy/udp-scale-to-zero-keeps-sending"})
def test_udp_flow_when_its_last_endpoint_has_left(workbench, client, record):
    """Whether a client that keeps one UDP socket is answered further by a pod that was a Service's last and left it."""
    pods = workbench.pods(tcp=())
    service = pods.service(ports=DATAGRAMS)
    eventually(lambda: client.udp(service.at_cluster_ip(), times=3), answered)

    with client.udp_flow(service.at_cluster_ip()) as flow:
        eventually(lambda: flow.exchange(), answered)
        pods.pods[0].relabel(app="elsewhere")
        workbench.await_endpoints(service, 0)
        with control("the Service no longer answers other sockets"):
            eventually(lambda: client.udp(service.at_cluster_ip(), timeout=0.5), silent)
        try:
            eventually(lambda: flow.exchange(times=2, timeout=0.3), silent, within=4)
        except Expired:
            record("answered")
        else:
            record("no longer answered")
