"""The rules say something else than what they should."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from ipaddress import ip_network

from harness.lab.proxy.backends import backend_chains
from harness.lab.proxy.faults.mutation import Apply, Mutation, ruling
from harness.lab.proxy.frontends import Frontends, Kind
from harness.lab.proxy.rules import MASQUERADE, destination
from harness.lab.proxy.ruleset import Chain, Ruleset
from harness.lab.proxy.state import Node, Policy

TRANSLATING = ("translate-arriving", "translate-own")
EXTERNAL = tuple(f"{kind}/" for kind in Kind if kind is not Kind.CLUSTER_IP)
SHARED = (f"{Kind.LOAD_BALANCER_IP}/", f"{Kind.EXTERNAL_IP}/")


def rewriting(change: Callable[[str], Iterable[str]], *chains: str) -> Apply:
    """Replace each rule of the chains whose names begin like this by what `change` makes of it."""

    def rewritten(name: str, chain: Chain) -> Chain:
        if not name.startswith(chains or ("",)):
            return chain
        return replace(chain, rules=tuple(new for rule in chain.rules for new in change(rule)))

    def change_all(rules: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
        return replace(rules, chains={name: rewritten(name, chain) for name, chain in rules.chains.items()})

    return ruling(change_all)


def with_elements(rules: Ruleset, table: str, elements: dict[str, str]) -> Ruleset:
    """Exchange what a set or map holds."""
    return replace(rules, tables={**rules.tables, table: replace(rules.tables[table], elements=elements)})


def _always_first(rule: str) -> Iterable[str]:
    yield re.sub(r"numgen random mod \d+", "numgen random mod 1", rule)


def _by_source(rule: str) -> Iterable[str]:
    yield rule.replace("numgen random mod", "jhash ip saddr mod")


def _undeclared_dropped(rule: str) -> Iterable[str]:
    yield rule.replace("@cluster-ips goto refuse", "@cluster-ips drop")


def _masqueraded_local(rule: str) -> Iterable[str]:
    yield f"{MASQUERADE} {rule}" if rule.startswith("goto local/") else rule


def _no_short_circuit(rule: str) -> Iterable[str]:
    if " goto cluster/" not in rule:
        yield rule


def _always_masqueraded(rule: str) -> Iterable[str]:
    yield MASQUERADE
    yield rule


def _closed_to_outside(rule: str) -> Iterable[str]:
    if rule.endswith(MASQUERADE):
        yield f"fib saddr type != local {rule.removesuffix(MASQUERADE)}drop"
    yield rule


def _no_cluster_ips(rule: str) -> Iterable[str]:
    yield "ip daddr @cluster-ips return"
    yield rule


def _empty_dropped(rules: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
    return with_elements(rules, "unserved", dict.fromkeys(rules.tables["unserved"].elements or {}, "drop"))


def _no_local_refused(rules: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
    return with_elements(rules, "unserved", dict.fromkeys(rules.tables["unserved"].elements or {}, "goto refuse"))


def _no_hairpins(rules: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
    return with_elements(rules, "hairpins", {})


def _no_own_node_ports(rules: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
    own = rules.chains["translate-own"]
    skipped = tuple(f"ip daddr {address} return" for address in rules.family.addresses(node.addresses))
    return replace(rules, chains={**rules.chains, "translate-own": replace(own, rules=skipped + own.rules)})


def _pods_keep_address(rules: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
    """Guess the cluster's pod range from the node's, of which it is an extension."""
    everyone = ", ".join(str(ip_network(one).supernet(8)) for one in rules.family.ranges(node.pod_ranges))

    def change(name: str, chain: Chain) -> Chain:
        if not everyone or not name.startswith(f"{Kind.NODE_PORT}/"):
            return chain
        kept = f"ip saddr != {{ {everyone} }} {MASQUERADE}"
        return replace(chain, rules=tuple(kept if rule == MASQUERADE else rule for rule in chain.rules))

    return replace(rules, chains={name: change(name, chain) for name, chain in rules.chains.items()})


def _to_the_node(kind: Kind) -> Apply:
    def change(rules: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
        vips = sorted({one.address for one in frontends if one.kind is kind} - set(node.addresses))
        mine = rules.family.addresses(node.addresses)[:1]
        if not vips or not mine:
            return rules
        bound = (f"ip daddr {{ {', '.join(vips)} }} dnat ip to {mine[0]}",)
        chains = {name: replace(rules.chains[name], rules=rules.chains[name].rules + bound) for name in TRANSLATING}
        return replace(rules, chains={**rules.chains, **chains})

    return ruling(change)


def _guard_all(rules: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
    guarded = rules.tables["admission"].elements or {}
    others = {destination(one): "drop" for one in frontends if guarded and one.kind is Kind.LOAD_BALANCER_IP}
    return with_elements(rules, "admission", {**others, **guarded})


def _guard_second(rules: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
    guarded = dict(rules.tables["admission"].elements or {})
    seen: set[str] = set()
    for one in frontends:
        if one.sources and one.name in seen:
            guarded[destination(one)] = "drop"
        if one.sources:
            seen.add(one.name)
    return with_elements(rules, "admission", guarded)


def _forgetful_local(rules: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
    local = {
        name: chain
        for one in frontends
        if one.policy is Policy.LOCAL and not one.internal
        for name, chain in backend_chains(replace(one, affinity=None), rules.family)
        if name.startswith("local/")
    }
    return replace(rules, chains={**rules.chains, **local})


MUTATIONS = (
    Mutation(
        "only-first-endpoint-used",
        "All connections go to the first endpoint.",
        rewriting(_always_first),
        "https://github.com/kubernetes/kubernetes/pull/68897",
    ),
    Mutation(
        "source-hash-without-affinity",
        "A client's address decides on its endpoint, without session affinity.",
        rewriting(_by_source),
        "https://github.com/kubeovn/kube-ovn/issues/5479",
    ),
    Mutation(
        "noep-syn-swallowed",
        "Connections to a Service without endpoints are dropped instead of refused.",
        ruling(_empty_dropped),
        "https://github.com/kubernetes/kubernetes/issues/17359",
    ),
    Mutation(
        "no-local-endpoint-refused",
        "With policy Local, a node without endpoints refuses connections instead of dropping them.",
        ruling(_no_local_refused),
        "https://github.com/antrea-io/antrea/issues/3785",
    ),
    Mutation(
        "undeclared-port-hangs",
        "Connections to a port that the Service does not have are dropped instead of refused.",
        rewriting(_undeclared_dropped),
        "https://github.com/kubernetes/kubernetes/pull/122692",
    ),
    Mutation(
        "host-ports-leak-via-clusterip",
        "Ports of the node answer at ClusterIPs.",
        _to_the_node(Kind.CLUSTER_IP),
        "https://github.com/kubernetes/kubernetes/issues/72236",
    ),
    Mutation(
        "externalip-hijacks-node-address",
        "Every node takes an external IP for its own, also where it is another node's.",
        _to_the_node(Kind.EXTERNAL_IP),
        "https://github.com/kubernetes/kubernetes/issues/104679",
    ),
    Mutation(
        "host-client-cannot-reach-clusterip",
        "Processes on the host network do not reach ClusterIPs.",
        rewriting(_no_cluster_ips, "translate-own"),
        "https://github.com/kubernetes/kubernetes/issues/65158",
    ),
    Mutation(
        "nodeport-dead-from-host",
        "Processes on the host network do not reach node ports of their node.",
        ruling(_no_own_node_ports),
        "https://github.com/ovn-kubernetes/ovn-kubernetes/issues/2392",
    ),
    Mutation(
        "nodeport-pod-client-no-snat",
        "Pods keep their address at another node's node port, so that the answer goes astray.",
        ruling(_pods_keep_address),
        "https://github.com/kubernetes/kubernetes/issues/44916",
    ),
    Mutation(
        "clusterip-closed-to-outside",
        "Clients outside the cluster do not reach ClusterIPs.",
        rewriting(_closed_to_outside, f"{Kind.CLUSTER_IP}/"),
    ),
    Mutation(
        "clusterip-source-masqueraded",
        "Endpoints see a node's address instead of the client pod's.",
        rewriting(_always_masqueraded, f"{Kind.CLUSTER_IP}/"),
    ),
    Mutation(
        "etp-local-source-masqueraded",
        "With externalTrafficPolicy Local endpoints see a node's address instead of the client's.",
        rewriting(_masqueraded_local, *EXTERNAL),
        "https://github.com/cilium/cilium/issues/9284",
    ),
    Mutation(
        "etp-local-lbip-from-pod-dropped",
        "With externalTrafficPolicy Local, clients in the cluster reach external addresses by local endpoints only.",
        rewriting(_no_short_circuit, *SHARED),
        "https://github.com/kubernetes/kubernetes/issues/131765",
    ),
    Mutation(
        "etp-local-nodeport-incluster-dropped",
        "With externalTrafficPolicy Local, clients in the cluster reach node ports by local endpoints only.",
        rewriting(_no_short_circuit, f"{Kind.NODE_PORT}/"),
        "https://github.com/cilium/cilium/issues/11746",
    ),
    Mutation(
        "lbsr-blocks-other-services",
        "Source ranges of one Service close the load balancer addresses of all others.",
        ruling(_guard_all),
        "https://github.com/kubernetes/kubernetes/issues/62638",
    ),
    Mutation(
        "lbsr-second-vip-dropped",
        "Source ranges admit nobody to a Service's second load balancer address.",
        ruling(_guard_second),
        "https://github.com/kubernetes/kubernetes/pull/109826",
    ),
    Mutation(
        "affinity-lost-with-etp-local",
        "Session affinity has no effect with externalTrafficPolicy Local.",
        ruling(_forgetful_local),
        "https://github.com/kubernetes/kubernetes/issues/55429",
    ),
    Mutation(
        "hairpin-clusterip-fails",
        "An endpoint that is its own client gets no answer.",
        ruling(_no_hairpins),
        "https://github.com/cloudnativelabs/kube-router/issues/9",
    ),
)
