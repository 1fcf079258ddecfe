"""Values of fields that are legal and seldom: they are misread."""

from dataclasses import replace
from ipaddress import ip_network

from svcproof.fault import Fault
from svcproof.reference_proxy.faults.mutation import believing, each_service, listing, ruling
from svcproof.reference_proxy.frontends import Frontends
from svcproof.reference_proxy.rules import destination
from svcproof.reference_proxy.ruleset import Chain, Ruleset, SetOrMap
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.state import Node, Service, ServiceProtocol, Slice, State

LONGEST_SIGNED = 32767
HALF_A_DAY = 43200
TOLD_APART = 8
"""Characters of the name of a port that are told apart."""
NOBODYS = "192.0.2.255/32"


def _run_together(state: State) -> State:
    """Find slices by the namespace and the name of their Service with a hyphen between them."""

    def joined(key: str) -> str:
        return key.replace("/", "-")

    slices: dict[str, tuple[Slice, ...]] = {}
    for key, parts in state.slices.items():
        slices[joined(key)] = slices.get(joined(key), ()) + parts
    return replace(state, slices={service.key: slices.get(joined(service.key), ()) for service in state.services})


def _one_slice_of_each_name(state: State) -> State:
    """Leave out slices whose name is that of another, in whichever namespace."""
    known: dict[str, Slice] = {}
    for key in sorted(state.slices):
        for part in state.slices[key]:
            known.setdefault(part.name, part)
    return replace(
        state,
        slices={key: tuple(part for part in parts if known[part.name] is part) for key, parts in state.slices.items()},
    )


def _without_sctp(state: State) -> State:
    """Leave out Services that have a port of SCTP."""
    kept = (
        service
        for service in state.services
        if all(port.protocol is not ServiceProtocol.SCTP for port in service.ports)
    )
    return replace(state, services=tuple(kept))


def _names_of_ports_cut(state: State) -> State:
    def service_cut(service: Service) -> Service:
        return replace(service, ports=tuple(replace(port, name=port.name[:TOLD_APART]) for port in service.ports))

    def slice_cut(part: Slice) -> Slice:
        return replace(
            part, endpoints=tuple((name[:TOLD_APART], protocol, end) for name, protocol, end in part.endpoints)
        )

    return replace(
        state,
        services=tuple(map(service_cut, state.services)),
        slices={key: tuple(map(slice_cut, parts)) for key, parts in state.slices.items()},
    )


def _inner_range_alone(service: Service) -> Service:
    networks = [ip_network(text.strip(), strict=False) for text in service.source_ranges]
    inner = [
        network
        for network in networks
        if not any(
            other.version == network.version and other.prefixlen > network.prefixlen and other.overlaps(network)
            for other in networks
        )
    ]
    return replace(service, source_ranges=tuple(map(str, inner)))


def _all_for_nobody(service: Service) -> Service:
    ranges = (NOBODYS if text.endswith("/0") else text for text in service.source_ranges)
    return replace(service, source_ranges=tuple(ranges))


def _dropping_low_clients(rules: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
    """Drop what clients send to Services from a port in the usual range of node ports."""
    family = rules.family
    to_frontend = f"{family.nft} daddr . meta l4proto . th dport vmap @closed-to-node-ports"
    chain = Chain((f"ct state new th sport 30000-32767 {to_frontend}",), "type filter hook prerouting priority -115;")
    declaration = f"type {family.address_type} . inet_proto . inet_service : verdict;"
    closed = SetOrMap("map", declaration, {destination(frontend): "drop" for frontend in frontends})
    return replace(
        rules,
        chains={**rules.chains, "close-to-node-ports": chain},
        sets={**rules.sets, "closed-to-node-ports": closed},
    )


FAULTS: tuple[Fault[Stages], ...] = (
    Fault(
        "namespace-and-name-run-together",
        "Services whose namespaces and names are the same text with a hyphen between them share their endpoints.",
        believing(_run_together),
    ),
    Fault(
        "slices-of-one-name-mistaken",
        "Of EndpointSlices that have one name in different namespaces only one counts.",
        believing(_one_slice_of_each_name),
    ),
    Fault(
        "sctp-port-closes-its-service",
        "A Service that has a port of SCTP is not served at its other ports either.",
        believing(_without_sctp),
    ),
    Fault(
        "names-of-ports-cut",
        "Ports of a Service whose names begin with the same eight characters share their endpoints.",
        believing(_names_of_ports_cut),
    ),
    Fault(
        "high-endpoint-ports-not-served",
        "Endpoints at ports above 32767 get no traffic.",
        listing(lambda listed, node: tuple(endpoint for endpoint in listed if endpoint.port <= LONGEST_SIGNED)),
    ),
    Fault(
        "clients-of-low-ports-dropped",
        "Clients that send from a port in the range of node ports get no answer.",
        ruling(_dropping_low_clients),
    ),
    Fault(
        "lbsr-inner-of-two-ranges-alone",
        "Where one of loadBalancerSourceRanges lies in another, only the inner one admits anybody.",
        each_service(_inner_range_alone),
    ),
    Fault(
        "lbsr-of-all-addresses-admits-nobody",
        "The source range 0.0.0.0/0 admits nobody.",
        each_service(_all_for_nobody),
    ),
    Fault(
        "affinity-of-a-day-ignored",
        "Session affinity that is to last longer than half a day has no effect.",
        each_service(
            lambda service: replace(service, affinity=None) if (service.affinity or 0) > HALF_A_DAY else service
        ),
    ),
)
