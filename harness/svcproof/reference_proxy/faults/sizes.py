"""Faults that hit only what is large, rare or many."""

from dataclasses import replace

from svcproof.fault import Fault
from svcproof.reference_proxy.endpoints import Endpoints
from svcproof.reference_proxy.faults.mutation import (
    Mutation,
    believing,
    each_service,
    forwarding,
    listing,
    preceding,
    ruling,
)
from svcproof.reference_proxy.frontends import FrontendKind, Frontends
from svcproof.reference_proxy.ruleset import Chain, Ruleset, SetOrMap
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.state import Node, Policy, State

EXTERNAL = tuple(f"{kind}/" for kind in FrontendKind if kind is not FrontendKind.CLUSTER_IP)
ENTRIES = tuple(f"{kind}/" for kind in FrontendKind)
MOST = 64
TRANSLATED = "ct status dnat"
LONG = 10
"""Seconds after which a connection is cut."""


def _losing(condition: str, *chains: str) -> Mutation:
    return preceding(lambda rules, frontends, node: f"{condition} drop", *chains)


def _first_endpoints(count: int) -> Mutation:
    def first(listed: Endpoints, node: Node) -> Endpoints:
        kept = set(sorted({(endpoint.address, endpoint.port) for endpoint in listed})[:count])
        return tuple(endpoint for endpoint in listed if (endpoint.address, endpoint.port) in kept)

    return listing(first)


def _large_at_external_addresses(rules: Ruleset, frontends: Frontends, node: Node) -> str:
    addresses = sorted({frontend.address for frontend in frontends if not frontend.internal})
    return (
        f"{TRANSLATED} ct original ip daddr {{ {', '.join(addresses)} }} meta length > 1450 drop" if addresses else ""
    )


def _forgetting_the_idle(rules: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
    client = f"{TRANSLATED} ct direction original meta l4proto tcp"
    remember = "update @lately { ip saddr . tcp sport timeout 4s }"
    forget = Chain(
        (
            f"{client} ct state new {remember}",
            f"{client} ip saddr . tcp sport != @lately drop",
            f"{client} {remember}",
        ),
        "type filter hook forward priority -10;",
    )
    lately = SetOrMap("set", "type ipv4_addr . inet_service; flags dynamic,timeout;", None)
    return replace(rules, chains={**rules.chains, "forget": forget}, sets={**rules.sets, "lately": lately})


def _first_services(state: State) -> State:
    return replace(state, services=tuple(sorted(state.services, key=lambda service: service.key))[:MOST])


def _cutting_the_long(rules: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
    """Reset a connection to a node port with policy Local that is older than some seconds."""
    is_cut = {FrontendKind.NODE_PORT, FrontendKind.LOAD_BALANCER_IP, FrontendKind.EXTERNAL_IP}
    ports = sorted(
        {frontend.port for frontend in frontends if frontend.policy is Policy.LOCAL and frontend.kind in is_cut}
    )
    if not ports:
        return rules
    client = (
        f"{TRANSLATED} ct direction original meta l4proto tcp ct original proto-dst {{ {', '.join(map(str, ports))} }}"
    )
    cut = Chain(
        (
            f"{client} ct state new update @young {{ ip saddr . tcp sport timeout {LONG}s }}",
            f"{client} ip saddr . tcp sport != @young reject with tcp reset",
        ),
        "type filter hook forward priority -10;",
    )
    young = SetOrMap("set", "type ipv4_addr . inet_service; flags dynamic,timeout;", None)
    return replace(rules, chains={**rules.chains, "cut-long": cut}, sets={**rules.sets, "young": young})


FAULTS: tuple[Fault[Stages], ...] = (
    Fault(
        "one-connection-in-thousand-lost",
        "One connection in a thousand is lost for good.",
        _losing("jhash th sport mod 1000 == 0", *ENTRIES),
    ),
    Fault(
        "large-packets-lost-at-external-addresses",
        "Packets near the MTU are lost on their way to node ports and external addresses.",
        preceding(_large_at_external_addresses, "refuse-passing"),
        "https://github.com/cilium/cilium/issues/32601",
    ),
    Fault(
        "large-answers-lost",
        "Datagrams near the MTU are lost on their way back to the client.",
        forwarding(f"{TRANSLATED} ct direction reply meta l4proto udp meta length > 1400 drop"),
        "https://github.com/cilium/cilium/issues/46100",
    ),
    Fault(
        "long-transfers-reset",
        "One large packet in two thousand resets its connection.",
        forwarding(
            f"{TRANSLATED} meta l4proto tcp meta length > 1000 numgen random mod 2000 == 0 reject with tcp reset"
        ),
        "https://github.com/kubernetes/kubernetes/issues/74839",
    ),
    Fault(
        "idle-connections-forgotten",
        "A connection that is silent for four seconds is forgotten, and what it sends then is lost.",
        ruling(_forgetting_the_idle),
    ),
    Fault(
        "etp-local-long-connection-cut",
        "With externalTrafficPolicy Local connections from outside are reset after ten seconds, silent or not.",
        ruling(_cutting_the_long),
        "https://github.com/projectcalico/calico/issues/4310",
    ),
    Fault(
        "endpoints-beyond-tenth-ignored",
        "Endpoints beyond the tenth of a Service get no traffic.",
        _first_endpoints(10),
        "https://github.com/antrea-io/antrea/issues/2092",
    ),
    Fault(
        "endpoints-beyond-sixty-fourth-ignored",
        "Endpoints beyond the 64th of a Service get no traffic.",
        _first_endpoints(MOST),
    ),
    Fault(
        "services-beyond-sixty-fourth-ignored",
        "Of more than 64 Services the first 64, by namespace and name, are served.",
        believing(_first_services),
    ),
    Fault(
        "ports-beyond-fifteenth-ignored",
        "Ports beyond the fifteenth of a Service are not served.",
        each_service(lambda service: replace(service, ports=service.ports[:15])),
    ),
    Fault(
        "source-ranges-beyond-tenth-ignored",
        "Of many loadBalancerSourceRanges the first ten are read.",
        each_service(lambda service: replace(service, source_ranges=service.source_ranges[:10])),
    ),
    Fault(
        "second-external-ip-ignored",
        "Of several externalIPs only the first is served.",
        each_service(lambda service: replace(service, external_ips=service.external_ips[:1])),
    ),
)
