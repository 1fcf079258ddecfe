"""Services and their endpoints are taken for something else than what they are."""

from dataclasses import replace

from svcproof.fault import Fault
from svcproof.reference_proxy.faults.mutation import believing, each_service, misread
from svcproof.reference_proxy.parse import DEFAULT_AFFINITY
from svcproof.reference_proxy.selection import OTHER_PROXY
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.state import Policy, Service, State


def _external_policy_for_all(service: Service) -> Service:
    return replace(service, internal_policy=max(service.internal_policy, service.external_policy))


def _internal_policy_for_all(service: Service) -> Service:
    return replace(service, external_policy=max(service.internal_policy, service.external_policy))


def _base_addresses(service: Service) -> Service:
    return replace(
        service, source_ranges=tuple(source_range.partition("/")[0] for source_range in service.source_ranges)
    )


def _ranges_of_all(state: State) -> State:
    ranges = tuple(dict.fromkeys(source_range for service in state.services for source_range in service.source_ranges))
    guarded = (replace(service, source_ranges=ranges if service.source_ranges else ()) for service in state.services)
    return replace(state, services=tuple(guarded))


def _slices_by_name(state: State) -> State:
    """Of Services with one name, let the last one's endpoints be those of all."""
    owner = {service.name: service.key for service in state.services}
    slices = {service.key: state.slices.get(owner[service.name], ()) for service in state.services}
    return replace(state, slices=slices)


FAULTS: tuple[Fault[Stages], ...] = (
    Fault(
        "service-proxy-name-ignored",
        "A Service labelled for another proxy is served all the same.",
        each_service(lambda service: replace(service, labels=service.labels - {OTHER_PROXY})),
        "https://github.com/antrea-io/antrea/pull/4973",
    ),
    Fault(
        "affinity-ignored",
        "sessionAffinity has no effect: connections of one client rotate.",
        misread(affinity=None),
        "https://github.com/cilium/cilium/issues/35254",
    ),
    Fault(
        "affinity-seconds-as-minutes",
        "A client's endpoint is forgotten after a sixtieth of the time.",
        each_service(lambda service: replace(service, affinity=service.affinity and max(1, service.affinity // 60))),
        "https://github.com/kubernetes/kubernetes/issues/35677",
    ),
    Fault(
        "affinity-timeout-hardcoded",
        "A client keeps its endpoint for three hours, whatever timeoutSeconds says.",
        each_service(lambda service: replace(service, affinity=service.affinity and DEFAULT_AFFINITY)),
        "https://github.com/cloudnativelabs/kube-router/pull/882",
    ),
    Fault(
        "etp-local-ignored-everywhere",
        "externalTrafficPolicy Local has no effect.",
        misread(external_policy=Policy.CLUSTER),
        "https://github.com/ovn-kubernetes/ovn-kubernetes/issues/1951",
    ),
    Fault(
        "etp-cluster-as-local",
        "externalTrafficPolicy is always taken to be Local.",
        misread(external_policy=Policy.LOCAL),
    ),
    Fault(
        "etp-local-removes-clusterip",
        "externalTrafficPolicy Local holds for the ClusterIP too.",
        each_service(_external_policy_for_all),
        "https://github.com/kubernetes/kubernetes/issues/57678",
    ),
    Fault(
        "itp-local-limits-node-ports",
        "internalTrafficPolicy Local holds for node ports and external addresses too.",
        each_service(_internal_policy_for_all),
        "https://github.com/kubernetes/kubernetes/pull/106497",
    ),
    Fault(
        "itp-cluster-as-local",
        "internalTrafficPolicy is always taken to be Local.",
        misread(internal_policy=Policy.LOCAL),
    ),
    Fault(
        "itp-local-ignored",
        "internalTrafficPolicy Local has no effect.",
        misread(internal_policy=Policy.CLUSTER),
        "https://github.com/projectcalico/calico/issues/8255",
    ),
    Fault(
        "local-detection-by-hostname",
        "The node is looked for under another name in EndpointSlices, so that no endpoint is local.",
        believing(lambda state: replace(state, node=replace(state.node, name=f"{state.node.name}.example.com"))),
        "https://github.com/kubernetes/kubernetes/issues/71851",
    ),
    Fault(
        "lbsr-never-enforced",
        "loadBalancerSourceRanges let everybody in.",
        misread(source_ranges=()),
        "https://github.com/kubernetes/kubernetes/pull/122614",
    ),
    Fault(
        "lbsr-first-range-only",
        "Of several loadBalancerSourceRanges only the first is read.",
        each_service(lambda service: replace(service, source_ranges=service.source_ranges[:1])),
    ),
    Fault(
        "lbsr-as-single-addresses",
        "A source range admits its first address alone.",
        each_service(_base_addresses),
    ),
    Fault(
        "lbsr-shared-by-all-services",
        "Who is in the source ranges of one Service is admitted to every one that has any.",
        believing(_ranges_of_all),
    ),
    Fault(
        "namespaces-ignored",
        "Services of one name in different namespaces share the endpoints of one of them.",
        believing(_slices_by_name),
    ),
    Fault(
        "first-port-only",
        "Only the first port of a Service is served.",
        each_service(lambda service: replace(service, ports=service.ports[:1])),
    ),
    Fault(
        "first-slice-only",
        "Of several EndpointSlices of a Service only the first is used.",
        believing(
            lambda state: replace(state, slices={service: slices[:1] for service, slices in state.slices.items()})
        ),
    ),
    Fault(
        "external-ips-ignored",
        "externalIPs are not served.",
        misread(external_ips=()),
    ),
    Fault(
        "load-balancer-ips-ignored",
        "The addresses in status.loadBalancer are not served.",
        misread(load_balancer_ips=()),
    ),
)
