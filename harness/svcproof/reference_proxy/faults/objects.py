"""Objects that are odd, but legal, are misread or stop all updates."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from ipaddress import ip_network
from itertools import combinations

from svcproof.fault import Fault
from svcproof.json_objects import Object
from svcproof.reference_proxy.endpoints import Choose, Endpoints
from svcproof.reference_proxy.family import Family
from svcproof.reference_proxy.faults.mutation import Mutation, believing, each_endpoint, each_frontend, listing
from svcproof.reference_proxy.frontends import Frontend, Frontends
from svcproof.reference_proxy.nft import NftError
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.state import Node, Service, Slice, State

SHORT = 12
"""Characters of a Service's name that are told apart."""


def _reading(change: Callable[[Object], Object]) -> Mutation:
    """Read what `change` makes of an EndpointSlice."""
    return lambda stages: replace(stages, endpoint_slice=lambda item: stages.endpoint_slice(change(item)))


def _each_endpoint_read(change: Callable[[Object], Object]) -> Mutation:
    return _reading(lambda item: {**item, "endpoints": [change(end) for end in item.get("endpoints") or ()]})


def _endpoints_read(keep: Callable[[Object], bool]) -> Mutation:
    return _reading(lambda item: {**item, "endpoints": [end for end in item.get("endpoints") or () if keep(end)]})


def _ports_read(keep: Callable[[Object], bool]) -> Mutation:
    """Read the ports of a Service that `keep` says."""

    def kept(item: Object) -> Object:
        spec = item["spec"]
        return {**item, "spec": {**spec, "ports": [port for port in spec.get("ports") or () if keep(port)]}}

    return lambda stages: replace(stages, service=lambda item: stages.service(kept(item)))


def _wedged_by(odd: Callable[[Object], bool]) -> Mutation:
    """Load no rules any more once an `odd` EndpointSlice or Service has been read."""

    def apply(stages: Stages) -> Stages:
        odd_objects: list[Object] = []

        def endpoint_slice(item: Object) -> Slice:
            odd_objects.extend([item] if odd(item) else [])
            return stages.endpoint_slice(item)

        def service(item: Object) -> Service:
            odd_objects.extend([item] if odd(item) else [])
            return stages.service(item)

        def frontends(state: State, family: Family, choose: Choose) -> Frontends:
            if odd_objects:
                raise NftError("rendering failed: an object is not as expected")
            return stages.frontends(state, family, choose)

        return replace(stages, endpoint_slice=endpoint_slice, service=service, frontends=frontends)

    return apply


def _ready_only_if_it_says_so(endpoint: Object) -> Object:
    conditions = endpoint.get("conditions") or {}
    return {**endpoint, "conditions": {**conditions, "ready": conditions.get("ready") is True}}


def _port_of_first(listed: Endpoints, node: Node) -> Endpoints:
    return tuple(replace(endpoint, port=listed[0].port) for endpoint in listed)


def _missing_ports_lent(state: State) -> State:
    """Serve a port that an EndpointSlice lacks by the first port it has."""

    def lent(service: Service, part: Slice) -> Slice:
        names = {(name, protocol) for name, protocol, _ in part.endpoints}
        first = part.endpoints[0][:2] if part.endpoints else None
        missing = [port for port in service.ports if (port.name, port.protocol) not in names]
        borrowed = [
            (port.name, port.protocol, end)
            for port in missing
            for *known, end in part.endpoints
            if tuple(known) == first
        ]
        return replace(part, endpoints=(*part.endpoints, *borrowed))

    services = {service.key: service for service in state.services}
    slices = {
        key: tuple(lent(services[key], part) for part in parts) if key in services else parts
        for key, parts in state.slices.items()
    }
    return replace(state, slices=slices)


def _short_names(frontend: Frontend, state: State) -> Frontend:
    namespace, name = frontend.service.split("/")
    return replace(frontend, service=f"{namespace}/{name[:SHORT]}")


def _lacks_ports(item: Object) -> bool:
    return "addressType" in item and not item.get("ports")


def _has_host_name_for_address(item: Object) -> bool:
    ingress = (item.get("status", {}).get("loadBalancer") or {}).get("ingress") or ()
    return any(not entry.get("ip") for entry in ingress)


def _has_padded_range(item: Object) -> bool:
    return any(text != text.strip() for text in _source_ranges(item))


def _has_ranges_that_overlap(item: Object) -> bool:
    ranges = [ip_network(text.strip(), strict=False) for text in _source_ranges(item)]
    return any(first.overlaps(second) for first, second in combinations(ranges, 2))


def _source_ranges(item: Object) -> Sequence[str]:
    return item.get("spec", {}).get("loadBalancerSourceRanges") or ()


FAULTS: tuple[Fault[Stages], ...] = (
    Fault(
        "absent-ready-as-not-ready",
        "An endpoint without a ready condition gets no traffic.",
        _each_endpoint_read(_ready_only_if_it_says_so),
        "https://github.com/coredns/coredns/pull/4632",
    ),
    Fault(
        "endpoint-without-node-left-out",
        "An endpoint without a nodeName gets no traffic.",
        _endpoints_read(lambda endpoint: bool(endpoint.get("nodeName"))),
    ),
    Fault(
        "endpoint-without-node-taken-for-local",
        "An endpoint without a nodeName counts as one of this node.",
        lambda stages: replace(
            stages,
            choose=lambda listed, node: stages.choose(
                tuple(replace(endpoint, node=endpoint.node or node.name) for endpoint in listed), node
            ),
        ),
    ),
    Fault(
        "slice-without-ports-wedges-proxy",
        "An EndpointSlice without ports stops all updates.",
        _wedged_by(_lacks_ports),
        "https://github.com/noironetworks/aci-containers/pull/1770",
    ),
    Fault(
        "fqdn-slice-wedges-proxy",
        "An EndpointSlice of names stops all updates.",
        _wedged_by(lambda item: item.get("addressType") == "FQDN"),
    ),
    Fault(
        "other-family-slice-wedges-proxy",
        "An EndpointSlice of IPv6 addresses stops all updates where there are none.",
        _wedged_by(lambda item: item.get("addressType") == "IPv6"),
        "https://github.com/kubernetes/kubernetes/issues/99964",
    ),
    Fault(
        "host-name-of-load-balancer-wedges-proxy",
        "A load balancer that is known by a name, without an address, stops all updates.",
        _wedged_by(_has_host_name_for_address),
    ),
    Fault(
        "lbsr-whitespace-wedges-proxy",
        "A source range with a blank before or behind it, which the API admits, stops all updates.",
        _wedged_by(_has_padded_range),
        "https://github.com/kubernetes/kubernetes/pull/94979",
    ),
    Fault(
        "lbsr-overlap-wedges-proxy",
        "Source ranges of which one lies in another stop all updates.",
        _wedged_by(_has_ranges_that_overlap),
    ),
    Fault(
        "headless-service-wedges-proxy",
        "A headless Service stops all updates.",
        _wedged_by(lambda item: item.get("spec", {}).get("clusterIP") == "None"),
        "https://github.com/antrea-io/antrea/pull/5008",
    ),
    Fault(
        "port-with-app-protocol-left-out",
        "A port of a Service that has an appProtocol is not served.",
        _ports_read(lambda port: not port.get("appProtocol")),
    ),
    Fault(
        "one-target-port-for-all-endpoints",
        "All endpoints are taken to listen on the port of the first.",
        listing(_port_of_first),
        "https://github.com/ovn-kubernetes/ovn-kubernetes/issues/5908",
    ),
    Fault(
        "missing-port-served-by-another",
        "A port that an EndpointSlice lacks is served by another port of the slice.",
        believing(_missing_ports_lent),
    ),
    Fault(
        "slices-known-by-name",
        "An EndpointSlice counts for the Service whose name its own begins with, whatever its label says.",
        _reading(
            lambda item: {
                **item,
                "metadata": {
                    **item["metadata"],
                    "labels": {
                        **(item["metadata"].get("labels") or {}),
                        "kubernetes.io/service-name": item["metadata"]["name"].rpartition("-")[0],
                    },
                },
            }
        ),
    ),
    Fault(
        "long-names-mistaken",
        "Services whose names begin alike are taken for one.",
        each_frontend(_short_names),
    ),
    Fault(
        "serving-as-good-as-ready",
        "An endpoint that serves gets traffic though it is not ready.",
        each_endpoint(lambda end: replace(end, ready=end.ready or (end.serving and not end.terminating))),
    ),
    Fault(
        "gone-as-good-as-ready",
        "An endpoint that is terminating and no longer serves gets new connections.",
        each_endpoint(lambda end: replace(end, ready=end.ready or (end.terminating and not end.serving))),
        "https://github.com/projectcalico/calico/issues/8650",
    ),
    Fault(
        "unready-endpoints-better-than-none",
        "Where no endpoint is ready, those that are not get the traffic.",
        listing(
            lambda listed, node: (
                listed
                if any(endpoint.ready or endpoint.serving for endpoint in listed)
                else tuple(replace(endpoint, ready=True) for endpoint in listed)
            )
        ),
    ),
)
