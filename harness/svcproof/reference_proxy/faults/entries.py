"""Faults of the places where traffic enters: policy or the client's address is mistaken."""

from collections.abc import Iterable
from dataclasses import replace
from ipaddress import ip_network

from svcproof.fault import Fault
from svcproof.reference_proxy.backends import backend_chains
from svcproof.reference_proxy.faults.mutation import rewriting, ruling, with_elements
from svcproof.reference_proxy.frontends import FrontendKind, Frontends
from svcproof.reference_proxy.rules import MASQUERADE
from svcproof.reference_proxy.ruleset import Chain, Ruleset
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.state import Node, Policy

EXTERNAL = tuple(f"{kind}/" for kind in FrontendKind if kind is not FrontendKind.CLUSTER_IP)
SHARED = (f"{FrontendKind.LOAD_BALANCER_IP}/", f"{FrontendKind.EXTERNAL_IP}/")


def _no_short_circuit(rule: str) -> Iterable[str]:
    if " goto cluster/" not in rule:
        yield rule


def _closed_to_outside(rule: str) -> Iterable[str]:
    if rule.endswith(MASQUERADE):
        yield f"fib saddr type != local {rule.removesuffix(MASQUERADE)}drop"
    yield rule


def _pods_keep_address(rules: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
    """Guess the cluster's pod range from the node's, of which it is an extension."""
    everyone = ", ".join(str(ip_network(pod_range).supernet(8)) for pod_range in rules.family.ranges(node.pod_ranges))

    def change(name: str, chain: Chain) -> Chain:
        if not everyone or not name.startswith(f"{FrontendKind.NODE_PORT}/"):
            return chain
        kept = f"ip saddr != {{ {everyone} }} {MASQUERADE}"
        return replace(chain, rules=tuple(kept if rule == MASQUERADE else rule for rule in chain.rules))

    return replace(rules, chains={name: change(name, chain) for name, chain in rules.chains.items()})


def _forgetful_local(rules: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
    local = {
        name: chain
        for frontend in frontends
        if frontend.policy is Policy.LOCAL and not frontend.internal
        for name, chain in backend_chains(replace(frontend, affinity=None), rules.family)
        if name.startswith("local/")
    }
    return replace(rules, chains={**rules.chains, **local})


FAULTS: tuple[Fault[Stages], ...] = (
    Fault(
        "nodeport-pod-client-no-snat",
        "Pods keep their address at another node's node port, so that the answer goes astray.",
        ruling(_pods_keep_address),
        "https://github.com/kubernetes/kubernetes/issues/44916",
    ),
    Fault(
        "clusterip-closed-to-outside",
        "Clients outside the cluster do not reach ClusterIPs.",
        rewriting(_closed_to_outside, f"{FrontendKind.CLUSTER_IP}/"),
    ),
    Fault(
        "clusterip-source-masqueraded",
        "Endpoints see a node's address instead of the client pod's.",
        rewriting(lambda rule: (MASQUERADE, rule), f"{FrontendKind.CLUSTER_IP}/"),
    ),
    Fault(
        "etp-cluster-source-kept",
        "With externalTrafficPolicy Cluster clients keep their address, so that answers from other nodes go astray.",
        rewriting(lambda rule: () if rule == MASQUERADE else (rule,), *EXTERNAL),
    ),
    Fault(
        "etp-local-source-masqueraded",
        "With externalTrafficPolicy Local endpoints see a node's address instead of the client's.",
        rewriting(lambda rule: (f"{MASQUERADE} {rule}" if rule.startswith("goto local/") else rule,), *EXTERNAL),
        "https://github.com/cilium/cilium/issues/9284",
    ),
    Fault(
        "etp-local-lbip-from-pod-dropped",
        "With externalTrafficPolicy Local, clients in the cluster reach external addresses by local endpoints only.",
        rewriting(_no_short_circuit, *SHARED),
        "https://github.com/kubernetes/kubernetes/issues/131765",
    ),
    Fault(
        "etp-local-nodeport-incluster-dropped",
        "With externalTrafficPolicy Local, clients in the cluster reach node ports by local endpoints only.",
        rewriting(_no_short_circuit, f"{FrontendKind.NODE_PORT}/"),
        "https://github.com/cilium/cilium/issues/11746",
    ),
    Fault(
        "affinity-lost-with-etp-local",
        "Session affinity has no effect with externalTrafficPolicy Local.",
        ruling(_forgetful_local),
        "https://github.com/kubernetes/kubernetes/issues/55429",
    ),
    Fault(
        "hairpin-clusterip-fails",
        "An endpoint that is its own client gets no answer.",
        ruling(lambda rules, frontends, node: with_elements(rules, "hairpins", {})),
        "https://github.com/cloudnativelabs/kube-router/issues/9",
    ),
)
