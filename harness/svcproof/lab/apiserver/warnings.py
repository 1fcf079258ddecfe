"""Warnings about fields and kinds that are accepted and have no effect."""

from collections.abc import Iterator

from svcproof.json_objects import Object
from svcproof.lab.apiserver.idle import idle_warnings
from svcproof.lab.apiserver.resources import Resource


def warnings_about(resource: Resource, item: Object) -> tuple[str, ...]:
    """Return the texts of the Warning headers for an object that was written."""
    return tuple(_service_warnings(item["spec"])) if resource.type == "core.Service" else idle_warnings(resource)


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
