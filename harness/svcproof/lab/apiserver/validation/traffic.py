"""Traffic policies of Services."""

from svcproof.json_objects import Object
from svcproof.lab.apiserver import names
from svcproof.lab.apiserver.errors import Cause, invalid, not_supported, required
from svcproof.lab.apiserver.services.traits import externally_accessible, has_health_check

POLICIES = ("Cluster", "Local")
DISTRIBUTIONS = ("PreferClose", "PreferSameZone", "PreferSameNode")


def validate_traffic(spec: Object) -> list[Cause]:
    """Return what is wrong with policies, health check port and distribution."""
    return [*_external(spec), *_health_check(spec), *_internal(spec), *_distribution(spec)]


def _external(spec: Object) -> list[Cause]:
    field, policy = "spec.externalTrafficPolicy", spec.get("externalTrafficPolicy", "")
    if not externally_accessible(spec):
        return [invalid(field, policy, "may only be set for externally-accessible services")] if policy else []
    if not policy:
        return [required(field)]
    return [] if policy in POLICIES else [not_supported(field, policy, POLICIES)]


def _health_check(spec: Object) -> list[Cause]:
    field, port = "spec.healthCheckNodePort", spec.get("healthCheckNodePort", 0)
    if not has_health_check(spec):
        why = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"
        return [invalid(field, port, why)] if port else []
    return names.check(names.port_number, port, field) if port else [required(field)]


def _internal(spec: Object) -> list[Cause]:
    field, policy = "spec.internalTrafficPolicy", spec.get("internalTrafficPolicy")
    if policy is None:
        return [required(field)] if spec["type"] in {"ClusterIP", "LoadBalancer", "NodePort"} else []
    return [] if policy in POLICIES else [not_supported(field, policy, POLICIES)]


def _distribution(spec: Object) -> list[Cause]:
    wanted = spec.get("trafficDistribution")
    if wanted is None or wanted in DISTRIBUTIONS:
        return []
    return [not_supported("spec.trafficDistribution", wanted, DISTRIBUTIONS)]
