"""The real components that the declaration of a lab wants in the place of parts of the lab's own."""

from collections.abc import Iterator, Sequence

from svcproof import binaries
from svcproof.lab.components import API_SERVER, CONTROLLER_MANAGER, COREDNS, ETCD, Component
from svcproof.model.cluster import Progress
from svcproof.model.cluster_spec import ClusterSpec


def obtained(spec: ClusterSpec, progress: Progress) -> tuple[Component, ...]:
    """Find or obtain what a lab of this declaration is made of besides svcproof; raises ProvisionError."""
    programs: list[Component] = []
    if spec.control_plane == "kubernetes":
        programs.append(_component(ETCD, "", progress))
        programs.append(_component(API_SERVER, spec.control_plane_version, progress))
        programs.append(_component(CONTROLLER_MANAGER, programs[-1].version, progress))
    if spec.dns == "coredns":
        programs.append(_component(COREDNS, "", progress))
    return tuple(programs)


def fault_problems(spec: ClusterSpec, faults: Sequence[str]) -> Iterator[str]:
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
