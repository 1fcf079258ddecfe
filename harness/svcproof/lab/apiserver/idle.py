"""Kinds that are kept and that nothing in the lab acts on, each with what that means."""

from collections.abc import Mapping
from types import MappingProxyType

from svcproof.lab.apiserver.resources import Resource

WARNING = "nothing in this lab acts on"
ACCESS = "every caller may do everything"
RANGES = "Services get addresses of the lab's own range"
IDLE: Mapping[str, str] = MappingProxyType(
    {
        "autoscaling.HorizontalPodAutoscaler": "no workload is scaled",
        "autoscalingv2.HorizontalPodAutoscaler": "no workload is scaled",
        "batch.CronJob": "no Job is started",
        "core.LimitRange": "no pod gets defaults from it, and none is refused",
        "core.ResourceQuota": "nothing is counted, and nothing refused",
        "networking.IPAddress": RANGES,
        "networking.Ingress": "no traffic follows its rules",
        "networking.IngressClass": "no Ingress is served",
        "networking.NetworkPolicy": "all traffic is let through",
        "networking.ServiceCIDR": RANGES,
        "policy.PodDisruptionBudget": "no eviction is refused",
        "rbac.ClusterRole": ACCESS,
        "rbac.ClusterRoleBinding": ACCESS,
        "rbac.Role": ACCESS,
        "rbac.RoleBinding": ACCESS,
        "scheduling.PriorityClass": "no pod goes before another",
    }
)


def idle_warnings(resource: Resource) -> tuple[str, ...]:
    """Return the warnings for an object that is made or changed: one text for an idle kind, none for the others."""
    consequence = IDLE.get(resource.type)
    return (f"{WARNING} {several(resource)}: {consequence}",) if consequence else ()


def several(resource: Resource) -> str:
    """The kind in the plural, as one writes it: NetworkPolicies."""
    singular, plural = resource.kind.lower(), resource.plural
    common = next((n for n, (a, b) in enumerate(zip(singular, plural, strict=False)) if a != b), len(singular))
    return resource.kind[:common] + plural[common:]
