"""The rights of a container, by its securityContext.

https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
"""

from dataclasses import dataclass

from svcproof.json_objects import Object
from svcproof.lab.runtime.forkserver import capabilities


@dataclass(frozen=True, slots=True)
class Security:
    """The capabilities by name, and the rest of what the runtime heeds of a securityContext."""

    capabilities: tuple[str, ...]
    privileged: bool
    new_privileges: bool


def security_of(container: Object) -> Security:
    """Read the securityContext of a container."""
    context = container.get("securityContext") or {}
    changes, privileged = context.get("capabilities") or {}, bool(context.get("privileged"))
    names = capabilities.of_container(changes.get("add") or (), changes.get("drop") or (), privileged=privileged)
    return Security(tuple(sorted(names)), privileged, context.get("allowPrivilegeEscalation", True))
