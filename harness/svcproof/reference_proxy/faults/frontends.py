"""Traffic is answered for where it should not be, or the other way round, or goes to the wrong place."""

from collections.abc import Callable
from dataclasses import replace
from ipaddress import ip_address, ip_interface, ip_network

from svcproof.fault import Fault
from svcproof.reference_proxy.endpoints import Endpoints
from svcproof.reference_proxy.faults.mutation import Mutation, each_frontend, serving, serving_only, serving_with
from svcproof.reference_proxy.frontends import Frontend, FrontendKind, Frontends
from svcproof.reference_proxy.nft import NftError
from svcproof.reference_proxy.parse import DEFAULT_AFFINITY
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.state import Endpoint, Node, Policy, ServiceProtocol, State


def _first_protocol(frontends: Frontends, state: State) -> Frontends:
    return tuple({(frontend.address, frontend.port): frontend for frontend in reversed(frontends)}.values())


def _no_lesser_kinds(greater: FrontendKind, *lesser: FrontendKind) -> Mutation:
    """Serve Services that have frontends of the `greater` kind without those of the `lesser` kinds."""

    def change(frontends: Frontends, state: State) -> Frontends:
        services = {frontend.service for frontend in frontends if frontend.kind is greater}
        return tuple(
            frontend for frontend in frontends if frontend.service not in services or frontend.kind not in lesser
        )

    return serving(change)


def _closed_on_some(frontends: Frontends, state: State) -> Frontends:
    closed = ord(state.node.name[-1]) % 2 == 0
    return tuple(frontend for frontend in frontends if not (closed and frontend.kind is FrontendKind.NODE_PORT))


def _every_second_closed_on_some(frontends: Frontends, state: State) -> Frontends:
    node_ports = [frontend for frontend in frontends if frontend.kind is FrontendKind.NODE_PORT]
    ports = sorted({(frontend.port, frontend.protocol) for frontend in node_ports})
    closed = set(ports[1::2] if ord(state.node.name[-1]) % 2 == 1 else ())
    return tuple(
        frontend
        for frontend in frontends
        if frontend.kind is not FrontendKind.NODE_PORT or (frontend.port, frontend.protocol) not in closed
    )


def _on_loopback(frontends: Frontends, state: State) -> Frontends:
    ports = [
        frontend
        for frontend in frontends
        if frontend.kind is FrontendKind.NODE_PORT and ip_address(frontend.address).version == 4
    ]
    return frontends + tuple({replace(frontend, address="127.0.0.1") for frontend in ports})


def _empty_external_ip(frontends: Frontends, state: State) -> Frontends:
    if any(frontend.kind is FrontendKind.EXTERNAL_IP and not frontend.reachable for frontend in frontends):
        raise NftError("rendering failed: an external IP without endpoints")
    return frontends


def _wrong_family(frontends: Frontends, state: State) -> Frontends:
    strangers = {
        replace(frontend, address=address)
        for service in state.services
        for address in service.external_ips + service.load_balancer_ips
        for frontend in frontends
        if frontend.service == service.key and ip_address(address).version != ip_address(frontend.address).version
    }
    return frontends + tuple(strangers)


def _at_first_endpoint(chosen: Callable[[Frontend], bool]) -> Mutation:
    def change(frontend: Frontend, state: State) -> Frontend:
        first = replace(frontend, cluster=frontend.cluster[:1], local=frontend.local[:1])
        return first if chosen(frontend) else frontend

    return each_frontend(change)


def _local_for_tcp(frontend: Frontend, state: State) -> Frontend:
    udp = frontend.kind is FrontendKind.LOAD_BALANCER_IP and frontend.protocol is ServiceProtocol.UDP
    return replace(frontend, policy=Policy.CLUSTER) if udp else frontend


def _local_but_at_node_addresses(frontend: Frontend, state: State) -> Frontend:
    """Guess that addresses in the network of this node are those of nodes."""
    is_balancer = frontend.kind is FrontendKind.LOAD_BALANCER_IP
    networks = [ip_interface(f"{address}/26").network for address in state.node.addresses if "." in address]
    if is_balancer and any(ip_address(frontend.address) in network for network in networks):
        return replace(frontend, policy=Policy.CLUSTER)
    return frontend


def _targeting(port: Callable[[Frontend, Endpoint], int]) -> Mutation:
    def change(frontend: Frontend, state: State) -> Frontend:
        def moved(endpoints: Endpoints) -> Endpoints:
            return tuple(dict.fromkeys(replace(endpoint, port=port(frontend, endpoint)) for endpoint in endpoints))

        return replace(frontend, cluster=moved(frontend.cluster), local=moved(frontend.local))

    return each_frontend(change)


def _without_host_network(frontend: Frontend, state: State) -> Frontend:
    def pods(endpoints: Endpoints) -> Endpoints:
        return tuple(endpoint for endpoint in endpoints if _is_pod(endpoint, state.node))

    if frontend.internal:
        return frontend
    return replace(frontend, cluster=pods(frontend.cluster), local=pods(frontend.local))


def _is_pod(endpoint: Endpoint, node: Node) -> bool:
    """Guess from the node's pod range, of which the cluster's is an extension."""
    return any(ip_address(endpoint.address) in ip_network(pod_range).supernet(8) for pod_range in node.pod_ranges)


def _all_for_local_node_port(frontend: Frontend, state: State) -> Frontend:
    return replace(frontend, local=frontend.cluster) if frontend.kind is FrontendKind.NODE_PORT else frontend


def _forgets_local_ones(frontend: Frontend) -> bool:
    return frontend.internal and frontend.policy is Policy.LOCAL and frontend.affinity is not None


def _kept_for_hours_over_udp(frontend: Frontend) -> Frontend:
    is_kept = frontend.affinity is not None and frontend.protocol is ServiceProtocol.UDP
    return replace(frontend, affinity=DEFAULT_AFFINITY) if is_kept else frontend


FAULTS: tuple[Fault[Stages], ...] = (
    Fault(
        "affinity-with-itp-local-not-served",
        "A Service that has session affinity and internalTrafficPolicy Local is not served.",
        serving_only(lambda frontend: not _forgets_local_ones(frontend)),
    ),
    Fault(
        "udp-first-endpoint-only",
        "All datagrams go to the first endpoint.",
        _at_first_endpoint(lambda frontend: frontend.protocol is ServiceProtocol.UDP),
    ),
    Fault(
        "externalip-first-endpoint-only",
        "All connections to an externalIP go to the first endpoint.",
        _at_first_endpoint(lambda frontend: frontend.kind is FrontendKind.EXTERNAL_IP),
    ),
    Fault(
        "etp-local-ignored-for-lb-udp",
        "externalTrafficPolicy Local has no effect on datagrams to a load balancer's address.",
        each_frontend(_local_for_tcp),
    ),
    Fault(
        "servicelb-local-from-every-node",
        "externalTrafficPolicy Local has no effect where a load balancer has the addresses of the nodes.",
        each_frontend(_local_but_at_node_addresses),
        "https://github.com/k3s-io/k3s/issues/9592",
    ),
    Fault(
        "high-ports-not-served",
        "Ports above 32767 are taken for negative, and not served.",
        serving_only(lambda frontend: frontend.port < 2**15),
    ),
    Fault(
        "affinity-not-at-load-balancer",
        "sessionAffinity has no effect on connections to a load balancer's address.",
        serving_with(lambda frontend: frontend.kind is FrontendKind.LOAD_BALANCER_IP, affinity=None),
    ),
    Fault(
        "affinity-not-at-external-ip",
        "sessionAffinity has no effect on connections to an externalIP.",
        serving_with(lambda frontend: frontend.kind is FrontendKind.EXTERNAL_IP, affinity=None),
    ),
    Fault(
        "tcp-udp-same-port-one-lost",
        "Of the same port number for TCP and UDP only one is served.",
        serving(_first_protocol),
        "https://github.com/k3s-io/k3s/issues/6757",
    ),
    Fault(
        "udp-not-served",
        "UDP ports are not served.",
        serving_only(lambda frontend: frontend.protocol is not ServiceProtocol.UDP),
    ),
    Fault(
        "nodeport-service-lacks-cluster-ip",
        "Services that have node ports are not served at their ClusterIP.",
        _no_lesser_kinds(FrontendKind.NODE_PORT, FrontendKind.CLUSTER_IP),
    ),
    Fault(
        "lb-service-lacks-nodeport",
        "Services that have load balancer addresses are not served at their node ports.",
        _no_lesser_kinds(FrontendKind.LOAD_BALANCER_IP, FrontendKind.NODE_PORT),
    ),
    Fault(
        "lb-service-lacks-cluster-ip",
        "Services that have load balancer addresses are not served at their ClusterIP.",
        _no_lesser_kinds(FrontendKind.LOAD_BALANCER_IP, FrontendKind.CLUSTER_IP),
    ),
    Fault(
        "nodeport-closed-on-some-nodes",
        "Some nodes open no node ports.",
        serving(_closed_on_some),
        "https://github.com/cloudnativelabs/kube-router/issues/57",
    ),
    Fault(
        "every-second-node-port-closed-on-some-nodes",
        "Some nodes open every other node port.",
        serving(_every_second_closed_on_some),
        "https://github.com/cloudnativelabs/kube-router/issues/93",
    ),
    Fault(
        "nodeport-on-loopback",
        "Node ports are translated on 127.0.0.1 too, from where the kernel lets nothing out.",
        serving(_on_loopback),
    ),
    Fault(
        "externalip-without-endpoints-panics",
        "A Service with an external IP and no endpoints stops all updates.",
        serving(_empty_external_ip),
        "https://github.com/kubernetes-retired/kpng/pull/229",
    ),
    Fault(
        "wrong-family-ip-wedges-proxy",
        "An external address of the other IP family stops all updates.",
        serving(_wrong_family),
        "https://github.com/kubernetes/kubernetes/issues/73157",
    ),
    Fault(
        "service-port-used-as-target",
        "Traffic goes to the Service's port number on the endpoint.",
        _targeting(lambda frontend, endpoint: frontend.service_port),
        "https://github.com/kubernetes/kubernetes/issues/132646",
    ),
    Fault(
        "target-port-shifted",
        "Traffic goes to the port after the one the endpoint listens on.",
        _targeting(lambda frontend, endpoint: endpoint.port + 1),
    ),
    Fault(
        "nodeport-hostnetwork-backend-unreachable",
        "Endpoints on the host network get no traffic from outside.",
        each_frontend(_without_host_network),
        "https://github.com/cilium/cilium/issues/10402",
    ),
    Fault(
        "etp-local-nodeport-all-endpoints",
        "With externalTrafficPolicy Local a node port leads to endpoints of other nodes too, unmasqueraded.",
        each_frontend(_all_for_local_node_port),
        "https://github.com/kubernetes/kubernetes/issues/66062",
    ),
    Fault(
        "etp-local-not-applied-to-externalips",
        "externalTrafficPolicy Local does not hold for externalIPs.",
        serving_with(lambda frontend: frontend.kind is FrontendKind.EXTERNAL_IP, policy=Policy.CLUSTER),
        "https://github.com/kubernetes/kubernetes/issues/69811",
    ),
    Fault(
        "affinity-for-tcp-only",
        "Session affinity has no effect on UDP and SCTP.",
        serving_with(lambda frontend: frontend.protocol is not ServiceProtocol.TCP, affinity=None),
    ),
    Fault(
        "affinity-timeout-hardcoded-for-udp",
        "Over UDP a client keeps its endpoint for three hours, whatever timeoutSeconds says.",
        serving(lambda frontends, state: tuple(map(_kept_for_hours_over_udp, frontends))),
    ),
    Fault(
        "itp-local-falls-back-to-remote",
        "With internalTrafficPolicy Local, a node without endpoints uses those of others.",
        serving_with(lambda frontend: frontend.internal and not frontend.local, policy=Policy.CLUSTER),
    ),
)
