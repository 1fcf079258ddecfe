"""The reference proxy's own pure stages, asked what a client may see at a target: a second opinion for the model."""

from collections.abc import Iterable
from ipaddress import ip_address, ip_network

from svcproof.model.probe import Protocol, Target
from svcproof.promise.expectation import Backend, Client, Where
from svcproof.promise.services import HEADLESS
from svcproof.promise.world import Endpoint, Node, Service, Slice, World
from svcproof.reference_proxy import state
from svcproof.reference_proxy.family import IPV4, IPV6
from svcproof.reference_proxy.frontends import Frontend, frontends
from svcproof.reference_proxy.selection import select

PROTOCOLS = {
    Protocol.TCP: state.ServiceProtocol.TCP,
    Protocol.HTTP: state.ServiceProtocol.TCP,
    Protocol.UDP: state.ServiceProtocol.UDP,
    Protocol.SCTP: state.ServiceProtocol.SCTP,
}


def backends_of(world: World, client: Client, target: Target, entry: str) -> frozenset[Backend] | None:
    """The backends that the reference proxy's rules may lead a client to; None where it serves no such frontend.

    `entry` is the node where packets of a client outside come in.
    """
    own = client.node or entry
    met = _frontend(world, own, target)
    if met is None and (asked := _node_at(world, target.address)):
        own = asked
        met = _frontend(world, own, target)
    if met is None:
        return None
    if not _admits(met, client):
        return frozenset()
    ends = met.cluster if _is_cluster_wide(met, client, own) else met.local
    return frozenset((end.address, end.port) for end in ends)


def _is_cluster_wide(met: Frontend, client: Client, node: str) -> bool:
    """As the rules have it: policy Local spares pods and processes of the node itself, but not at a ClusterIP."""
    is_of_this_node = client.where is not Where.OUTSIDE and client.node == node
    return met.policy is state.Policy.CLUSTER or (not met.internal and is_of_this_node)


def _admits(met: Frontend, client: Client) -> bool:
    ranges = [ip_network(text) for text in met.sources]
    version = ip_address(met.address).version
    own = [ip_address(text) for text in client.addresses if ip_address(text).version == version]
    return not ranges or any(address in network for address in own for network in ranges)


def _frontend(world: World, node: str, target: Target) -> Frontend | None:
    family = IPV4 if ip_address(target.address).version == 4 else IPV6
    served = frontends(select(state_of(world, node)), family)
    keys = {(item.address, item.protocol, item.port): item for item in served}
    return keys.get((target.address, PROTOCOLS[target.protocol], target.port))


def _node_at(world: World, address: str) -> str:
    return next((node.name for node in world.nodes if address in node.addresses), "")


def state_of(world: World, node: str) -> state.State:
    """The world as the reference proxy of one node knows it."""
    own = next(item for item in world.nodes if item.name == node)
    listed: dict[str, list[state.Slice]] = {}
    for item in world.slices:
        listed.setdefault(f"{item.namespace}/{item.service}", []).append(_slice(item))
    return state.State(
        node=_node(own),
        services=tuple(map(_service, world.services)),
        slices={key: tuple(items) for key, items in listed.items()},
    )


def _node(node: Node) -> state.Node:
    return state.Node(name=node.name, zone=node.zone, addresses=node.addresses, pod_ranges=node.pod_ranges)


def _service(item: Service) -> state.Service:
    has_node_ports = item.type in ("NodePort", "LoadBalancer")
    return state.Service(
        namespace=item.namespace,
        name=item.name,
        type=item.type,
        labels=frozenset(item.labels),
        ports=tuple(
            state.ServicePort(port.name, PROTOCOLS[port.protocol], port.port, port.node_port if has_node_ports else 0)
            for port in item.ports
        ),
        cluster_ips=item.cluster_ips,
        external_ips=item.external_ips,
        load_balancer_ips=tuple(entry.address for entry in item.ingress if entry.vip),
        source_ranges=item.source_ranges,
        internal_policy=state.Policy(item.internal_policy),
        external_policy=state.Policy(item.external_policy),
        affinity=item.affinity_seconds or None,
    )


def _slice(item: Slice) -> state.Slice:
    return state.Slice(
        service=f"{item.namespace}/{item.service}",
        name=item.name,
        address_type=item.address_type,
        headless=HEADLESS in item.labels,
        endpoints=tuple(
            (port.name, PROTOCOLS[port.protocol], end)
            for port in item.ports
            if port.port
            for end in _endpoints(item.endpoints, port.port)
        ),
    )


def _endpoints(listed: Iterable[Endpoint], port: int) -> Iterable[state.Endpoint]:
    for item in listed:
        yield state.Endpoint(
            address=item.addresses[0],
            port=port,
            ready=item.ready,
            serving=item.serving,
            terminating=item.terminating,
            node=item.node,
            zones=item.zones,
            nodes=item.nodes,
        )
