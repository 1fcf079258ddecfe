"""From the declaration of a lab to its configuration, the real components it wants, and the capabilities it lacks."""

from collections.abc import Iterator, Mapping, Sequence

from svcproof import binaries
from svcproof.addresses import Span
from svcproof.declare.lacking import by_declaration, no_sctp
from svcproof.lab.components import API_SERVER, CONTROLLER_MANAGER, COREDNS, ETCD, Component
from svcproof.lab.layout import ImageConfig, LabConfig, NodeConfig
from svcproof.model.cluster import Progress
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.vocabulary import Capability


def lab_config(spec: ClusterSpec) -> LabConfig:
    """Return the configuration of the lab that `spec` declares."""
    first, last = (int(port) for port in spec.node_ports.split("-"))
    return LabConfig(
        nodes=tuple(NodeConfig(node.name, node.zone) for node in spec.nodes),
        outside=spec.outside,
        node_ranges=spec.node_ranges,
        pod_ranges=spec.pod_ranges,
        service_ranges=spec.service_ranges,
        external_ranges=spec.external_ranges,
        load_balancer_pool=tuple(Span(span.first, span.last) for span in spec.load_balancer_pool),
        node_ports=range(first, last + 1),
        dns_domain=spec.dns_domain,
        images=tuple(ImageConfig(pattern, image.command) for pattern, image in spec.images.items()),
    )


def capabilities(spec: ClusterSpec) -> Mapping[Capability, str]:
    """Return each capability that the lab lacks, with the reason."""
    called = f"the lab {spec.name}"
    lacking = {
        **by_declaration(spec, called),
        Capability.LOAD_BALANCER: not spec.load_balancer_pool and f"{called} has no loadBalancerPool",
        Capability.IPV6: "the lab has no IPv6",
        Capability.DUAL_STACK: "the lab has no IPv6",
        Capability.SCTP: no_sctp() and "the kernel of this machine does not speak SCTP",
    }
    return {capability: reason for capability, reason in lacking.items() if reason}


def obtained_components(spec: ClusterSpec, progress: Progress) -> tuple[Component, ...]:
    """Find or obtain what a lab of this declaration is made of besides svcproof; raises ProvisionError."""
    programs: list[Component] = []
    if spec.control_plane == "kubernetes":
        programs.append(_component(ETCD, "", progress))
        programs.append(_component(API_SERVER, spec.control_plane_version, progress))
        programs.append(_component(CONTROLLER_MANAGER, programs[-1].version, progress))
    if spec.dns == "coredns":
        programs.append(_component(COREDNS, "", progress))
    return tuple(programs)


def faults_without_part(spec: ClusterSpec, faults: Sequence[str]) -> Iterator[str]:
    """Say of each fault that it cannot be made, since a real component has the place of the part that would have it."""
    declared = {"controllers": ("controlPlane", spec.control_plane), "dns": ("dns", spec.dns)}
    for fault in faults:
        part = fault.partition("/")[0]
        key, value = declared.get(part, ("", "builtin"))
        if value != "builtin":
            yield (
                f"the fault {fault} is one of the lab's own {part}, which the lab {spec.name} has not "
                f"(`{key}: {value}`): take a lab with `{key}: builtin`, such as `--cluster lab`"
            )


def _component(name: str, version: str, progress: Progress) -> Component:
    binary = binaries.find(name, version or None, progress=progress)
    return Component(name, binary.path, binary.version)
