"""Clients in one place are served otherwise than those elsewhere."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from ipaddress import ip_network

from svcproof.fault import Fault
from svcproof.reference_proxy.backends import draw
from svcproof.reference_proxy.faults.mutation import Mutation, each_frontend, preceding, ruling, serving_only
from svcproof.reference_proxy.frontends import Frontend, FrontendKind, Frontends
from svcproof.reference_proxy.rules import MASQUERADE, entry
from svcproof.reference_proxy.ruleset import Chain, Ruleset
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.state import Node, Policy, State

EXTERNAL_IP, LOAD_BALANCER, NODE_PORT = (
    FrontendKind.EXTERNAL_IP,
    FrontendKind.LOAD_BALANCER_IP,
    FrontendKind.NODE_PORT,
)


def _all_pods(rules: Ruleset, node: Node) -> str:
    """Guess the cluster's pod range from the node's, of which it is an extension."""
    return ", ".join(str(ip_network(own).supernet(8)) for own in rules.family.ranges(node.pod_ranges))


def _own_pods(rules: Ruleset, node: Node) -> str:
    return ", ".join(rules.family.ranges(node.pod_ranges))


def _pods(rules: Ruleset, frontends: Frontends, node: Node) -> str:
    return f"ip saddr {{ {pods} }} drop" if (pods := _all_pods(rules, node)) else ""


def _entering(
    chosen: Callable[[Frontend], bool], first: Callable[[Frontend, Ruleset, Node], Iterable[str]]
) -> Mutation:
    """Put rules before those by which the traffic of the frontends that are `chosen` enters."""

    def change(rules: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
        changed = {
            name: Chain((*first(frontend, rules, node), *rules.chains[name].rules))
            for frontend in frontends
            if chosen(frontend) and (name := entry(frontend)) in rules.chains
        }
        return replace(rules, chains={**rules.chains, **changed})

    return ruling(change)


def _pods_elsewhere(frontend: Frontend, rules: Ruleset, node: Node) -> Iterable[str]:
    if everyone := _all_pods(rules, node):
        yield f"ip saddr {{ {everyone} }} ip saddr != {{ {_own_pods(rules, node)} }} drop"


def _nodes_unrestricted(frontend: Frontend, rules: Ruleset, node: Node) -> Iterable[str]:
    if frontend.cluster:
        yield f"fib saddr type local {MASQUERADE} {draw(frontend, frontend.cluster, rules.family)}"


def _own_traffic_to(kind: FrontendKind) -> Mutation:
    """Leave what this node itself sends to frontends of a kind untranslated."""

    def rule(rules: Ruleset, frontends: Frontends, node: Node) -> str:
        addresses = sorted({frontend.address for frontend in frontends if frontend.kind is kind})
        return f"ip daddr {{ {', '.join(addresses)} }} return" if addresses else ""

    return preceding(rule, "translate-own")


def _without_hairpin_at(kind: FrontendKind) -> Mutation:
    """Do not masquerade what an endpoint sent itself by way of frontends of a kind."""

    def rule(rules: Ruleset, frontends: Frontends, node: Node) -> str:
        addresses = sorted({frontend.address for frontend in frontends if frontend.kind is kind})
        if not addresses:
            return ""
        return f"ip saddr . ip daddr @hairpins ct original ip daddr {{ {', '.join(addresses)} }} return"

    return preceding(rule, "leave")


def _own_host_network(frontend: Frontend, state: State) -> Frontend:
    if not frontend.internal:
        return frontend
    elsewhere = tuple(endpoint for endpoint in frontend.cluster if endpoint.address not in state.node.addresses)
    return replace(frontend, cluster=elsewhere)


FAULTS: tuple[Fault[Stages], ...] = (
    Fault(
        "etp-local-nodeport-deaf-to-pods-elsewhere",
        "With externalTrafficPolicy Local, pods of other nodes do not reach a node's port though an endpoint is there.",
        _entering(
            lambda frontend: frontend.kind is NODE_PORT and frontend.policy is Policy.LOCAL,
            _pods_elsewhere,
        ),
        "https://github.com/ovn-kubernetes/ovn-kubernetes/issues/5532",
    ),
    Fault(
        "nodeport-closed-where-no-endpoint-is",
        "A node port answers on the nodes that have an endpoint alone, whatever the policy.",
        serving_only(lambda frontend: frontend.kind is not NODE_PORT or bool(frontend.local)),
        "https://github.com/kubernetes/kubernetes/issues/21396",
    ),
    Fault(
        "lb-ip-closed-to-nodes",
        "Processes on the host network do not reach load balancer addresses.",
        _own_traffic_to(LOAD_BALANCER),
        "https://github.com/metallb/metallb/issues/258",
    ),
    Fault(
        "external-ip-closed-to-nodes",
        "Processes on the host network do not reach externalIPs.",
        _own_traffic_to(EXTERNAL_IP),
    ),
    Fault(
        "external-ip-closed-to-pods",
        "Pods do not reach externalIPs.",
        preceding(_pods, f"{EXTERNAL_IP}/"),
        "https://github.com/cloudnativelabs/kube-router/issues/466",
    ),
    Fault(
        "lb-ip-closed-to-pods",
        "Pods do not reach load balancer addresses.",
        preceding(_pods, f"{LOAD_BALANCER}/"),
        "https://github.com/kubernetes/kubernetes/issues/68433",
    ),
    Fault(
        "hairpin-at-node-port-fails",
        "An endpoint that asks itself by a node port gets no answer.",
        _without_hairpin_at(NODE_PORT),
    ),
    Fault(
        "hairpin-at-external-ip-fails",
        "An endpoint that asks itself by an externalIP gets no answer.",
        _without_hairpin_at(EXTERNAL_IP),
        "https://github.com/cloudnativelabs/kube-router/pull/967",
    ),
    Fault(
        "hairpin-at-load-balancer-fails",
        "An endpoint that asks itself by a load balancer's address gets no answer.",
        _without_hairpin_at(LOAD_BALANCER),
        "https://github.com/kubernetes/kubernetes/issues/68433",
    ),
    Fault(
        "udp-of-nodes-not-translated",
        "Datagrams of processes on the host network do not reach ClusterIPs.",
        preceding(lambda rules, frontends, node: "meta l4proto udp ip daddr @cluster-ips return", "translate-own"),
    ),
    Fault(
        "host-network-endpoint-closed-to-its-node",
        "An endpoint on the host network gets nothing through a ClusterIP from the node it is on.",
        each_frontend(_own_host_network),
    ),
    Fault(
        "itp-local-ignored-for-nodes",
        "With internalTrafficPolicy Local, processes on the host network reach the endpoints of all nodes.",
        _entering(lambda frontend: frontend.internal and frontend.policy is Policy.LOCAL, _nodes_unrestricted),
    ),
)
