"""Deployments and the like: a selector that matches the template."""

from harness.lab.apiserver.errors import Cause, invalid, not_supported, required
from harness.lab.apiserver.validation import names
from harness.lab.apiserver.validation.pod import validate_pod_spec
from harness.model.cluster import Object

STRATEGIES = ("Recreate", "RollingUpdate")


def validate_workload(item: Object) -> list[Cause]:
    """Return what is wrong with a Deployment, ReplicaSet, StatefulSet or DaemonSet."""
    spec = item["spec"]
    causes: list[Cause] = []
    if spec.get("replicas", 0) < 0:
        causes.append(invalid("spec.replicas", spec["replicas"], "must be greater than or equal to 0"))
    selector = spec.get("selector")
    labels = spec["template"]["metadata"].get("labels") or {}
    if selector is None:
        causes.append(required("spec.selector"))
    elif not selector.get("matchLabels") and not selector.get("matchExpressions"):
        why = f"empty selector is invalid for {item['kind'].lower()}"
        causes.append(invalid("spec.selector", selector, why))
    else:
        causes += names.labels(selector.get("matchLabels") or {}, "spec.selector.matchLabels")
    if selector is None or not matches(selector, labels):
        causes.append(invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`"))
    causes += names.labels(labels, "spec.template.labels")
    causes += validate_pod_spec(spec["template"]["spec"], "spec.template.spec")
    return [*causes, *_strategy(item)]


def validate_workload_update(item: Object, old: Object) -> list[Cause]:
    """Return what is wrong with a change: the selector stays."""
    causes = validate_workload(item)
    if item["spec"].get("selector") != old["spec"].get("selector"):
        causes.append(invalid("spec.selector", item["spec"].get("selector"), "field is immutable"))
    return causes


def matches(selector: Object, labels: dict[str, str]) -> bool:
    """Whether a label selector selects `labels`."""
    if any(labels.get(key) != value for key, value in (selector.get("matchLabels") or {}).items()):
        return False
    for one in selector.get("matchExpressions") or []:
        value, values = labels.get(one["key"]), one.get("values") or []
        holds = {
            "In": value in values,
            "NotIn": value not in values,
            "Exists": value is not None,
            "DoesNotExist": value is None,
        }
        if not holds.get(one["operator"], False):
            return False
    return True


def _strategy(item: Object) -> list[Cause]:
    strategy = item["spec"].get("strategy")
    if item["kind"] != "Deployment" or strategy is None:
        return []
    if strategy["type"] not in STRATEGIES:
        shown = {"Type": strategy["type"], "RollingUpdate": strategy.get("rollingUpdate")}
        return [not_supported("spec.strategy", shown, STRATEGIES)]
    if strategy["type"] == "Recreate" and strategy.get("rollingUpdate"):
        why = "may not be specified when strategy `type` is 'Recreate'"
        return [Cause("FieldValueForbidden", "spec.strategy.rollingUpdate", f"Forbidden: {why}")]
    rolling = strategy.get("rollingUpdate") or {}
    if str(rolling.get("maxUnavailable")) in {"0", "0%"} and str(rolling.get("maxSurge")) in {"0", "0%"}:
        why = "may not be 0 when `maxSurge` is 0"
        return [invalid("spec.strategy.rollingUpdate.maxUnavailable", rolling["maxUnavailable"], why)]
    return []
