"""Autoscalers, disruption budgets, quotas, limits and priorities."""

import re

from svcproof.json_objects import Object
from svcproof.lab.apiserver import names
from svcproof.lab.apiserver.conversion import as_version_two
from svcproof.lab.apiserver.errors import Cause, forbidden, invalid, not_supported, required
from svcproof.lab.apiserver.validation.label_selector import validate_selector
from svcproof.lab.apiserver.validation.rollouts import amount, no_more_than_all
from svcproof.lab.quantities import amount_of

METRICS = ("ContainerResource", "External", "Object", "Pods", "Resource")
TARGETS = ("Utilization", "Value", "AverageValue")
EVICTION = ("AlwaysAllow", "IfHealthyBudget")
PREEMPTION = ("PreemptLowerPriority", "Never")
HIGHEST_PRIORITY = 1_000_000_000
QUOTA_RESOURCES = frozenset(
    {
        *("cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.storage"),
        *("requests.ephemeral-storage", "limits.cpu", "limits.memory", "limits.ephemeral-storage"),
        *("persistentvolumeclaims", "pods", "resourcequotas", "services", "replicationcontrollers", "secrets"),
        *("configmaps", "services.nodeports", "services.loadbalancers"),
    }
)
SCOPES = frozenset(
    {
        *("Terminating", "NotTerminating", "BestEffort", "NotBestEffort", "PriorityClass"),
        *("CrossNamespacePodAffinity", "VolumeAttributesClass"),
    }
)


def validate_autoscaler(item: Object) -> list[Cause]:
    """Return what is wrong with a HorizontalPodAutoscaler of either version."""
    spec = (item if item["apiVersion"] == "autoscaling/v2" else as_version_two(item))["spec"]
    least, most, reference = spec["minReplicas"], spec["maxReplicas"], spec["scaleTargetRef"]
    causes: list[Cause] = []
    if least < 1:
        causes.append(invalid("spec.minReplicas", least, "must be greater than or equal to 1"))
    if most == 0:
        causes.append(required("spec.maxReplicas", "must be set and greater than 0"))
    elif most < 1:
        causes.append(invalid("spec.maxReplicas", most, "must be greater than or equal to 1"))
    if most < least:
        causes.append(invalid("spec.maxReplicas", most, "must be greater than or equal to `minReplicas`"))
    causes += names.missing(reference, ("kind", "name"), "spec.scaleTargetRef")
    if not reference.get("apiVersion"):
        causes.append(invalid("spec.scaleTargetRef.apiVersion", "", "apiVersion must specify API group"))
    return [*causes, *names.check_each(_metric, spec.get("metrics"), "spec.metrics")]


def validate_budget(item: Object) -> list[Cause]:
    """Return what is wrong with a PodDisruptionBudget."""
    spec, causes = item["spec"], list[Cause]()
    if spec.get("minAvailable") is not None and spec.get("maxUnavailable") is not None:
        causes.append(invalid("spec", spec, "minAvailable and maxUnavailable cannot be both set"))
    for key in ("minAvailable", "maxUnavailable"):
        if spec.get(key) is not None:
            causes += [*amount(spec[key], f"spec.{key}"), *no_more_than_all(spec[key], f"spec.{key}")]
    causes += validate_selector(spec.get("selector") or {}, "spec.selector")
    policy = spec.get("unhealthyPodEvictionPolicy")
    return [*causes, *names.check_choice(EVICTION, policy, "spec.unhealthyPodEvictionPolicy")]


def validate_quota(item: Object) -> list[Cause]:
    """Return what is wrong with a ResourceQuota."""
    causes: list[Cause] = []
    for name, quantity in sorted((item["spec"].get("hard") or {}).items()):
        field = f"spec.hard[{name}]"
        causes += names.check(names.qualified_name, name, field)
        if "/" not in name and name not in QUOTA_RESOURCES and not re.match(r"(requests\.)?hugepages-", name):
            causes.append(invalid(field, name, "must be a standard resource type or fully qualified"))
            causes.append(invalid(field, name, "must be a standard resource for quota"))
        if amount_of(quantity) < 0:
            causes.append(invalid(field, quantity, "must be greater than or equal to 0"))
    scopes = item["spec"].get("scopes") or []
    unknown = [scope for scope in scopes if scope not in SCOPES]
    return [*causes, *(invalid("spec.scopes", scopes, "unsupported scope") for _ in unknown)]


def validate_limits(item: Object) -> list[Cause]:
    """Return what is wrong with a LimitRange."""
    causes: list[Cause] = []
    kinds: set[str] = set()
    for index, limit in enumerate(item["spec"].get("limits") or []):
        field, kind = f"spec.limits[{index}]", limit["type"]
        causes += names.check_new(kind, kinds, f"{field}.type")
        if kind == "Pod":
            why = "may not be specified when `type` is 'Pod'"
            causes += [forbidden(f"{field}.{key}", why) for key in ("default", "defaultRequest") if limit.get(key)]
        least, most = limit.get("min") or {}, limit.get("max") or {}
        for name in sorted(set(least) & set(most)):
            if amount_of(least[name]) > amount_of(most[name]):
                why = f"min value {least[name]} is greater than max value {most[name]}"
                causes.append(invalid(f"{field}.min[{name}]", least[name], why))
    return causes


def validate_priority_class(item: Object) -> list[Cause]:
    """Return what is wrong with a PriorityClass."""
    name, causes = item["metadata"].get("name", ""), list[Cause]()
    if name.startswith("system-"):
        why = "priority class names with 'system-' prefix are reserved for system use only."
        causes.append(forbidden("metadata.name", f"{why} error: {name} is not a known system priority class"))
    elif item["value"] > HIGHEST_PRIORITY:
        why = f"maximum allowed value of a user defined priority is {HIGHEST_PRIORITY}"
        causes.append(forbidden("value", why))
    return [*causes, *names.check_choice(PREEMPTION, item["preemptionPolicy"], "preemptionPolicy")]


def _metric(metric: Object, field: str) -> list[Cause]:
    kind = metric["type"]
    if kind not in METRICS:
        return [not_supported(f"{field}.type", kind, METRICS)]
    key = kind[:1].lower() + kind[1:]
    source, source_field = metric.get(key), f"{field}.{key}"
    if source is None:
        return [required(source_field, "must populate information for the given metric source")]
    causes: list[Cause] = []
    if "Resource" in kind and not source["name"]:
        causes.append(required(f"{source_field}.name", "must specify a resource name"))
    target, share = source["target"], source["target"].get("averageUtilization")
    if target["type"] not in TARGETS:
        why = "must be either Utilization, Value, or AverageValue"
        causes.append(invalid(f"{source_field}.target.type", target["type"], why))
    if share is not None and share < 1:
        causes.append(invalid(f"{source_field}.target.averageUtilization", share, "must be greater than 0"))
    if "Resource" in kind and share is None and target.get("averageValue") is None:
        why = "must set either a target raw value or a target utilization"
        causes.append(required(f"{source_field}.target.averageUtilization", why))
    return causes
