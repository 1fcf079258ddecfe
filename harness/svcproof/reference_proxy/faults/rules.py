"""The rules say something else than what they should."""

import re
from dataclasses import replace

from svcproof.fault import Fault
from svcproof.reference_proxy.faults.mutation import Mutation, rewriting, ruling, serving, with_elements
from svcproof.reference_proxy.frontends import FrontendKind, Frontends
from svcproof.reference_proxy.rules import destination, entry
from svcproof.reference_proxy.ruleset import Chain, Ruleset
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.state import Node, State

TRANSLATING = ("translate-arriving", "translate-own")
FILTERING = ("refuse-arriving", "refuse-passing", "refuse-own")


def _lossy(rules: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
    entries = {entry(frontend) for frontend in frontends} & rules.chains.keys()
    lossy = {name: Chain(("numgen random mod 20 == 0 drop", *rules.chains[name].rules)) for name in entries}
    return replace(rules, chains={**rules.chains, **lossy})


def _without_large_datagrams(rules: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
    large = Chain(("ct status dnat udp length > 1480 drop",), "type filter hook forward priority -10;")
    return replace(rules, chains={**rules.chains, "lose-large": large})


def _lossy_in_bursts(rules: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
    lost = "ip daddr @cluster-ips numgen inc mod 60 < 20 drop"
    chains = {name: replace(rules.chains[name], rules=(lost, *rules.chains[name].rules)) for name in TRANSLATING}
    return replace(rules, chains={**rules.chains, **chains})


def _unserved(verdict: str) -> Mutation:
    """Give everything that no endpoint takes the same verdict."""

    def change(rules: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
        return with_elements(rules, "unserved", dict.fromkeys(rules.sets["unserved"].elements or {}, verdict))

    return ruling(change)


def _no_own_node_ports(rules: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
    own = rules.chains["translate-own"]
    skipped = tuple(f"ip daddr {address} return" for address in rules.family.addresses(node.addresses))
    return replace(rules, chains={**rules.chains, "translate-own": replace(own, rules=skipped + own.rules)})


def _to_the_node(kind: FrontendKind) -> Mutation:
    def change(rules: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
        vips = sorted({frontend.address for frontend in frontends if frontend.kind is kind} - set(node.addresses))
        mine = rules.family.addresses(node.addresses)[:1]
        if not vips or not mine:
            return rules
        bound = (f"ip daddr {{ {', '.join(vips)} }} dnat ip to {mine[0]}",)
        chains = {name: replace(rules.chains[name], rules=rules.chains[name].rules + bound) for name in TRANSLATING}
        return replace(rules, chains={**rules.chains, **chains})

    return ruling(change)


def _closed_but_for(kind: FrontendKind) -> Mutation:
    """Take addresses of this kind for nothing but that: a node's own ports, and node ports, are closed there."""

    def addresses(frontends: Frontends) -> set[str]:
        return {frontend.address for frontend in frontends if frontend.kind is kind}

    def without_node_ports(frontends: Frontends, state: State) -> Frontends:
        vips = addresses(frontends)
        return tuple(
            frontend
            for frontend in frontends
            if frontend.kind is not FrontendKind.NODE_PORT or frontend.address not in vips
        )

    def drop(rules: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
        if not (vips := sorted(addresses(frontends))):
            return rules
        closed = f"ct state new ct status & dnat == 0 {rules.family.nft} daddr {{ {', '.join(vips)} }} drop"
        chains = {name: replace(rules.chains[name], rules=(*rules.chains[name].rules, closed)) for name in FILTERING}
        return replace(rules, chains={**rules.chains, **chains})

    return lambda stages: ruling(drop)(serving(without_node_ports)(stages))


def _to_an_endpoint(rules: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
    any_port = {
        frontend.address: frontend.cluster[0].address
        for frontend in frontends
        if frontend.internal and frontend.cluster
    }
    if not any_port:
        return rules
    choice = ", ".join(f"{vip} : {endpoint}" for vip, endpoint in any_port.items())
    bound = (f"dnat ip to ip daddr map {{ {choice} }}",)
    chains = {name: replace(rules.chains[name], rules=rules.chains[name].rules + bound) for name in TRANSLATING}
    return replace(rules, chains={**rules.chains, **chains})


def _guard_all(rules: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
    guarded = rules.sets["admission"].elements or {}
    others = {
        destination(frontend): "drop"
        for frontend in frontends
        if guarded and frontend.kind is FrontendKind.LOAD_BALANCER_IP
    }
    return with_elements(rules, "admission", {**others, **guarded})


def _guard_second(rules: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
    guarded = dict(rules.sets["admission"].elements or {})
    guarded_ports: set[str] = set()
    for frontend in (frontend for frontend in frontends if frontend.sources):
        if frontend.name in guarded_ports:
            guarded[destination(frontend)] = "drop"
        guarded_ports.add(frontend.name)
    return with_elements(rules, "admission", guarded)


FAULTS: tuple[Fault[Stages], ...] = (
    Fault(
        "udp-fragments-lost",
        "Datagrams that need several packets are lost.",
        ruling(_without_large_datagrams),
    ),
    Fault(
        "connections-lost-in-bursts",
        "Every now and then connections are lost one after the other, as while rules are written anew.",
        ruling(_lossy_in_bursts),
    ),
    Fault("some-connections-lost", "One connection in twenty is lost.", ruling(_lossy)),
    Fault(
        "only-first-endpoint-used",
        "All connections go to the first endpoint.",
        rewriting(lambda rule: (re.sub(r"numgen random mod \d+", "numgen random mod 1", rule),)),
        "https://github.com/kubernetes/kubernetes/pull/68897",
    ),
    Fault(
        "affinity-one-endpoint-for-all-clients",
        "With session affinity all clients stay with the same endpoint.",
        rewriting(lambda rule: (re.sub(r"numgen random mod \d+ vmap", "numgen random mod 1 vmap", rule),)),
    ),
    Fault(
        "source-hash-without-affinity",
        "A client's address decides on its endpoint, without session affinity.",
        rewriting(lambda rule: (rule.replace("numgen random mod", "jhash ip saddr mod"),)),
        "https://github.com/kubeovn/kube-ovn/issues/5479",
    ),
    Fault(
        "noep-syn-swallowed",
        "Connections to a Service without endpoints are dropped instead of refused.",
        _unserved("drop"),
        "https://github.com/kubernetes/kubernetes/issues/17359",
    ),
    Fault(
        "no-local-endpoint-refused",
        "With policy Local, a node without endpoints refuses connections instead of dropping them.",
        _unserved("goto refuse"),
        "https://github.com/antrea-io/antrea/issues/3785",
    ),
    Fault(
        "undeclared-port-hangs",
        "Connections to a port that the Service does not have are dropped instead of refused.",
        rewriting(lambda rule: (rule.replace("@cluster-ips goto refuse", "@cluster-ips drop"),)),
        "https://github.com/kubernetes/kubernetes/pull/122692",
    ),
    Fault(
        "host-ports-leak-via-clusterip",
        "Ports of the node answer at ClusterIPs.",
        _to_the_node(FrontendKind.CLUSTER_IP),
        "https://github.com/kubernetes/kubernetes/issues/72236",
    ),
    Fault(
        "undeclared-ports-forwarded",
        "All ports of a ClusterIP lead to an endpoint, also those that the Service does not have.",
        ruling(_to_an_endpoint),
    ),
    Fault(
        "externalip-hijacks-node-address",
        "Every node takes an external IP for its own, also where it is another node's.",
        _to_the_node(FrontendKind.EXTERNAL_IP),
        "https://github.com/kubernetes/kubernetes/issues/104679",
    ),
    Fault(
        "externalip-blocks-node-address",
        "Where a node's address is an external IP, its other ports and its node ports are closed.",
        _closed_but_for(FrontendKind.EXTERNAL_IP),
    ),
    Fault(
        "lb-ip-equal-node-ip-blocks-node",
        "Where a node's address is a load balancer's too, its other ports and its node ports are closed.",
        _closed_but_for(FrontendKind.LOAD_BALANCER_IP),
        "https://github.com/kubernetes/kubernetes/pull/115019",
    ),
    Fault(
        "lb-ip-hijacks-node-address",
        "Every node takes a load balancer's address for its own, also where it is another node's.",
        _to_the_node(FrontendKind.LOAD_BALANCER_IP),
    ),
    Fault(
        "host-client-cannot-reach-clusterip",
        "Processes on the host network do not reach ClusterIPs.",
        rewriting(lambda rule: ("ip daddr @cluster-ips return", rule), "translate-own"),
        "https://github.com/kubernetes/kubernetes/issues/65158",
    ),
    Fault(
        "nodeport-dead-from-host",
        "Processes on the host network do not reach node ports of their node.",
        ruling(_no_own_node_ports),
        "https://github.com/ovn-kubernetes/ovn-kubernetes/issues/2392",
    ),
    Fault(
        "lbsr-blocks-other-services",
        "Source ranges of one Service close the load balancer addresses of all others.",
        ruling(_guard_all),
        "https://github.com/kubernetes/kubernetes/issues/62638",
    ),
    Fault(
        "lbsr-second-vip-dropped",
        "Source ranges admit nobody to a Service's second load balancer address.",
        ruling(_guard_second),
        "https://github.com/kubernetes/kubernetes/pull/109826",
    ),
)
