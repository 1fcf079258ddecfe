"""Warnings about fields and kinds that are accepted and have no effect."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from svcproof.json_objects import Object
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
"""Kinds that are stored and that nothing in the lab acts on, each with the consequence."""


def warnings_about(resource: Resource, item: Object) -> tuple[str, ...]:
    """Return the texts of the Warning headers for an object that was written."""
    if resource.type == "core.Service":
        return tuple(_service_warnings(item["spec"]))
    consequence = IDLE.get(resource.type)
    return (f"{WARNING} {plural_name(resource)}: {consequence}",) if consequence else ()


def _service_warnings(spec: Object) -> Iterator[str]:
    headless = spec["type"] == "ClusterIP" and spec.get("clusterIP") == "None"
    named = spec["type"] == "ExternalName"
    if headless:
        if spec.get("loadBalancerIP"):
            yield "spec.loadBalancerIP is ignored for headless services"
        if spec.get("externalIPs"):
            yield "spec.externalIPs is ignored for headless services"
        if spec["sessionAffinity"] != "None":
            yield "spec.SessionAffinity is ignored for headless services"
    if spec.get("externalIPs") and not headless and not named:
        yield "spec.externalIPs is deprecated and may no longer be implemented in some clusters"
    if spec.get("externalIPs") and named:
        yield 'spec.externalIPs is ignored when spec.type is "ExternalName"'
    if spec.get("externalName") and not named:
        yield 'spec.externalName is ignored when spec.type is not "ExternalName"'
    if spec.get("trafficDistribution") == "PreferClose":
        yield 'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"'


def plural_name(resource: Resource) -> str:
    """The plural of a kind in its own spelling, such as NetworkPolicies."""
    singular, plural = resource.kind.lower(), resource.plural
    common = next((n for n, (a, b) in enumerate(zip(singular, plural, strict=False)) if a != b), len(singular))
    return resource.kind[:common] + plural[common:]
