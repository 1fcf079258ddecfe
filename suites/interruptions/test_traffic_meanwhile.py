"""Traffic that goes on while the proxy of a node restarts: new connections, open ones, and UDP sockets in use."""

from contextlib import ExitStack

from svcproof import (
    MAY,
    MUST,
    PROXY,
    SHOULD,
    Capability,
    Judged,
    Manner,
    answered,
    answered_by,
    behaviours,
    control,
    eventually,
)

from ..clauses import KEP, SERVICE_PROXY
from .open_service import ASSIGNMENT, PORTS

RESTART_CLEANS_NOTHING = KEP + "/2448-Remove-kube-proxy-automatic-clean-up-logic"
SEVERAL = [{"name": f"port-{number}", "port": 80 + number, "targetPort": 8080} for number in range(8)]
"""All of 8 connections that are led anew to one of 3 endpoints meet the old one by chance once in 6,561 runs."""
behaviour = behaviours(by=PROXY, requires={Capability.PROXY_CONTROL}, alone=True)


@behaviour(
    level=MUST,
    spec=RESTART_CLEANS_NOTHING,
    because="A proxy that starts does not tear down rules that are in use.",
    fails_under={"proxy/restart-tears-down-rules"},
)
def test_new_connections_are_answered_while_a_proxy_restarts(echo, clients, sweep, traffic, proxy_control, nodes):
    """While the proxy of a node restarts, new connections from there to a ClusterIP go on being answered."""
    service = echo.service(ports=PORTS)
    targets = [service.at_cluster_ip("main"), service.at_cluster_ip("datagrams")]
    eventually(lambda: sweep(clients, targets, times=3), answered)

    with traffic(dict.fromkeys(targets, echo.names)) as flow:
        proxy_control.restart(nodes[0].name)
        with control("the proxy serves what is made after its restart"):
            later = echo.service()
            eventually(lambda: clients[0].tcp(later.at_cluster_ip(), times=3), answered)

    assert not flow.total.wrong, "pods of other Services that answered"
    assert flow.total.new.longest_gap < Judged.RESTART_GAP.seconds, "the longest time without an answer is short"


@behaviour(
    level=SHOULD,
    spec=ASSIGNMENT,
    fails_under={"proxy/restart-cuts-open-tcp"},
)
def test_open_connections_outlive_a_restart_of_the_proxy(echo, clients, sweep, traffic, proxy_control, nodes):
    """While the proxy of a node restarts, open TCP connections from there go on, each with the endpoint it has."""
    service = echo.service(ports=SEVERAL)
    targets = [service.at_cluster_ip(port["name"]) for port in SEVERAL]
    eventually(lambda: sweep(clients, targets), answered)

    with traffic(targets, manners=[Manner.KEPT]) as flow:
        proxy_control.restart(nodes[0].name)
        eventually(lambda: sweep(clients, targets), answered)

    assert flow.total.broken == 0, "connections that were ended"
    assert flow.total.lost == 0, "exchanges over open connections without an answer"


@behaviour(
    level=MAY, spec=SERVICE_PROXY + "#udp-conntrack-cleanup", fails_under={"proxy/udp-proxy-restart-flushes-all"}
)
def test_udp_flows_when_the_proxy_restarts(echo, client, proxy_control, nodes, record):
    """When the proxy of a node restarts and no endpoint changes, UDP sockets in use keep their endpoints, or move."""
    target = echo.service(ports=[PORTS[1]]).at_cluster_ip()
    eventually(lambda: client.udp(target, times=3), answered)

    with ExitStack() as sockets:
        flows = [sockets.enter_context(client.udp_flow(target)) for _ in SEVERAL]
        before = [flow.exchange().backends for flow in flows]
        proxy_control.restart(nodes[0].name)
        eventually(lambda: client.udp(target, times=3), answered)
        after = [flow.exchange().backends for flow in flows]

    record("kept" if before == after else "moved")


@behaviour(
    level=MUST,
    spec=SERVICE_PROXY + "#udp-conntrack-cleanup",
    because="When the endpoints of a UDP Service change, what is remembered of flows must go.",
    fails_under={"proxy/restart-leaves-stale-udp-flows"},
)
def test_udp_port_moves_on_when_its_endpoint_left_while_the_proxy_was_away(workbench, db, client, proxy_control, nodes):
    """A UDP client that keeps its port is answered by the endpoints of now, where its own left while no proxy ran."""
    first = workbench.pods(tcp=())
    service = first.service(ports=[PORTS[1]])
    target = service.at_cluster_ip()
    eventually(lambda: client.udp(target, times=3), answered)

    with client.udp_flow(target) as flow, control("the flow is answered by the endpoint of before"):
        eventually(lambda: flow.exchange(), answered_by(first.names))
    with proxy_control.away(nodes[0].name):
        service.patch(selector=db.labels)
        workbench.await_endpoints(service, len(db.pods))
    with control("other ports are answered by the endpoint of now"):
        eventually(lambda: client.udp(target, times=3), answered_by(db.names))
    eventually(lambda: client.udp(target, source_port=flow.source_port), answered_by(db.names))
