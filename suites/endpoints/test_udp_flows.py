"""UDP clients that keep their port, or their socket too, while the endpoints of a Service change.

A datagram's address and port are what Kubernetes knows of a client. Its socket is its own: a load balancer that works
at the socket picks an endpoint once, when the socket connects, so what becomes of a connected one is only recorded.
"""

from svcproof import (
    MAY,
    MUST,
    PROXY,
    Capability,
    Expired,
    Feature,
    Judged,
    Manner,
    answered,
    answered_by,
    behaviours,
    consistently,
    control,
    eventually,
    not_answered_by,
    silent,
)

from ..clauses import ENDPOINTS_OF_NOW, SERVICE_PROXY

DATAGRAMS = [{"name": "main", "port": 80, "targetPort": 8080, "protocol": "UDP"}]
STICKS = {"proxy/udp-flow-sticks-to-dead-backend"}
BLACKHOLE = {"proxy/udp-blackhole-zero-to-one"}
BUSY = {"manners": [Manner.NEW], "every": 0.05, "timeout": 0.04}
"""A datagram from a new socket twenty times a second, each socket closed before there is the next on its port."""
NOBODY = {"app": "nobody-has-this-label"}
behaviour = behaviours(by=PROXY, level=MUST, spec=SERVICE_PROXY + "#udp-conntrack-cleanup")


def way(seen):
    """A word for what became of a socket that was kept."""
    return "answered" if seen.all_answered else "/".join(sorted(seen.outcomes))


@behaviour(
    because=ENDPOINTS_OF_NOW,
    otherwise="one that holds on to what a socket met may do so for the socket that met it, not for a new one.",
    fails_under=BLACKHOLE,
)
def test_udp_flow_older_than_the_first_endpoint_reaches_it(workbench, client):
    """A UDP client that sent before a Service had any endpoint is answered on the same port, by a new socket, after."""
    pods = workbench.pods(tcp=())
    service = workbench.service(selector=NOBODY, ports=DATAGRAMS)
    target = service.at_cluster_ip()

    with client.udp_flow(target) as flow:
        flow.exchange(times=2, timeout=0.3)
    service.patch(selector=pods.labels)
    workbench.await_endpoints(service, 1)
    with control("the Service answers other ports"):
        eventually(lambda: client.udp(target), answered)
    eventually(lambda: client.udp(target, source_port=flow.source_port), answered_by(pods.names))


@behaviour(
    because=ENDPOINTS_OF_NOW,
    otherwise="one that holds on to what a socket met may do so for the socket that met it, not for a new one.",
    requires={Capability.TWO_NODES, Feature.INTERNAL_TRAFFIC_POLICY},
    fails_under={"proxy/udp-itp-local-zero-to-one"},
    kep=2086,
    since="1.26",
)
def test_udp_flow_older_than_the_first_endpoint_of_its_node_reaches_it(workbench, nodes, client, far_client):
    """With internalTrafficPolicy Local a UDP client that sent while only other nodes had an endpoint is answered on \
the same port, by a new socket, once its own node has one."""
    tier = {"tier": workbench.name("tier")}
    workbench.pods(node=nodes[0].name, tcp=(), labels=tier)
    service = workbench.service(selector=tier, internalTrafficPolicy="Local", ports=DATAGRAMS)
    target = service.at_cluster_ip()
    with control("the node of the endpoint is served"):
        eventually(lambda: client.udp(target, times=3), answered)

    with far_client.udp_flow(target) as flow:
        flow.exchange(times=2, timeout=0.3)
    near = workbench.pods(node=far_client.node, tcp=(), labels=tier)
    workbench.await_endpoints(service, 2)
    with control("the Service answers other ports"):
        eventually(lambda: far_client.udp(target), answered)
    eventually(lambda: far_client.udp(target, source_port=flow.source_port), answered_by(near.names))


@behaviour(
    because=ENDPOINTS_OF_NOW,
    otherwise="one that holds on to what a socket met may do so for the socket that met it, not for a new one.",
    requires={Capability.OUTSIDE_CLIENT, Feature.NODE_PORT},
    fails_under={"proxy/udp-flush-before-rules", "proxy/udp-assured-socket-pinned"},
)
def test_busy_udp_port_moves_on_when_its_endpoints_are_replaced(workbench, db, nodes, client, outside, traffic):
    """A UDP client of a ClusterIP or a node port that has sent from one port for seconds, and goes on while the \
endpoints are replaced, is answered on this port by the new ones, though the old one still listens."""
    first = workbench.pods(tcp=())
    service = first.service(type="NodePort", ports=DATAGRAMS)
    inside, through_node = service.at_cluster_ip(), service.at_node(nodes[0])
    eventually(lambda: client.udp(inside, times=3) + outside.udp(through_node, times=3), answered)
    with client.udp_flow(inside) as flow, outside.udp_flow(through_node) as far_flow:
        eventually(lambda: flow.exchange() + far_flow.exchange(), answered)
    near, far = flow.source_port, far_flow.source_port

    with (
        traffic([inside], [client], source_port=near, **BUSY),
        traffic([through_node], [outside], source_port=far, **BUSY),
    ):
        with control("other ports are answered meanwhile"):
            consistently(lambda: client.udp(inside), answered, lasting=2.5)
        service.patch(selector=db.labels)
        workbench.await_endpoints(service, len(db.pods))
        with control("other ports are answered by the endpoints of now"):
            eventually(lambda: client.udp(inside) + outside.udp(through_node), answered_by(db.names))
    eventually(
        lambda: client.udp(inside, source_port=near) + outside.udp(through_node, source_port=far),
        answered_by(db.names),
    )


@behaviour(level=MAY, fails_under=STICKS)
def test_udp_socket_when_its_endpoint_is_gone(workbench, client, record):
    """A connected UDP socket is answered by another endpoint after its own has left, or is told, or neither."""
    pods = workbench.pods(count=2, tcp=())
    service = pods.service(ports=DATAGRAMS)
    target = service.at_cluster_ip()
    eventually(lambda: client.udp(target, times=3), answered)

    with client.udp_flow(target) as flow:
        (first,) = eventually(lambda: flow.exchange(), answered).backends
        next(pod for pod in pods.pods if pod.name == first).relabel(app="elsewhere")
        workbench.await_endpoints(service, 1)
        with control("new sockets are answered by the other endpoint alone"):
            eventually(lambda: client.udp(target, times=10), answered_by(pods.names - {first}))
        try:
            seen = eventually(lambda: flow.exchange(timeout=0.5), not_answered_by({first}), within=Judged.SOCKET_MOVED)
        except Expired:
            record("answered by the endpoint that left")
        else:
            record(way(seen))


@behaviour(level=MAY, fails_under=BLACKHOLE)
def test_udp_socket_older_than_the_first_endpoint(workbench, client, record):
    """A UDP socket that connected before a Service had any endpoint is answered once there is one, or is not."""
    pods = workbench.pods(tcp=())
    service = workbench.service(selector=NOBODY, ports=DATAGRAMS)
    target = service.at_cluster_ip()

    with client.udp_flow(target) as flow:
        flow.exchange(times=2, timeout=0.3)
        service.patch(selector=pods.labels)
        workbench.await_endpoints(service, 1)
        with control("the Service answers other sockets"):
            eventually(lambda: client.udp(target), answered)
        try:
            seen = eventually(lambda: flow.exchange(timeout=0.5), answered, within=Judged.SOCKET_MOVED)
        except Expired as never:
            seen = never.history[-1].value
        record(way(seen))


@behaviour(level=MAY, fails_under={"proxy/udp-scale-to-zero-keeps-sending"})
def test_udp_flow_when_its_last_endpoint_has_left(workbench, client, record):
    """A client that keeps one UDP socket is still answered, or not, by a pod that was a Service's last and left it."""
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
            eventually(lambda: flow.exchange(times=2, timeout=0.3), silent, within=Judged.SOCKET_MOVED)
        except Expired:
            record("answered")
        else:
            record("no longer answered")
