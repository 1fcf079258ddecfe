"""Kinds with a template of pods: their selector, template, claims and rollout."""

from svcproof.json_objects import Object
from svcproof.lab.apiserver import names
from svcproof.lab.apiserver.errors import Cause, forbidden, invalid, required
from svcproof.lab.apiserver.validation.label_selector import matches, validate_selector
from svcproof.lab.apiserver.validation.pod import validate_template
from svcproof.lab.apiserver.validation.rollouts import (
    validate_daemon_rollout,
    validate_deadline,
    validate_deployment_rollout,
    validate_stateful_rollout,
)
from svcproof.lab.apiserver.validation.storage import validate_claim_spec

TEMPLATE_KINDS = {
    "DaemonSet": "DaemonSet",
    "StatefulSet": "StatefulSet",
    "ReplicationController": "ReplicationController",
}
"""The name of a kind in messages about its template; the others are called ReplicaSet."""
CHANGEABLE = frozenset(
    {
        *("replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit"),
        *("persistentVolumeClaimRetentionPolicy", "minReadySeconds"),
    }
)
"""Fields of a StatefulSet's spec that may change."""


def validate_workload(item: Object) -> list[Cause]:
    """Return what is wrong with a Deployment, ReplicaSet, StatefulSet or DaemonSet."""
    spec, kind = item["spec"], item["kind"]
    selector, labels = spec.get("selector"), spec["template"]["metadata"].get("labels")
    malformed = validate_selector(selector or {}, "spec.selector")
    causes = [*_rules_before_template(item), *malformed]
    if selector is None and kind != "DaemonSet":
        causes.append(required("spec.selector"))
    if selector is not None and not selector.get("matchLabels") and not selector.get("matchExpressions"):
        label = kind.lower() if kind in TEMPLATE_KINDS else "deployment"
        causes.append(invalid("spec.selector", selector, f"empty selector is invalid for {label}"))
    if malformed and kind != "DaemonSet":
        causes.append(invalid("spec.selector", selector, "" if kind == "StatefulSet" else "invalid label selector"))
    else:
        if selector is None or not matches(selector, labels or {}):
            why = "`selector` does not match template `labels`"
            causes.append(invalid("spec.template.metadata.labels", labels, why))
        causes += validate_template(_template_of_pods(item), "spec.template")
    causes += _endless_pods(spec["template"]["spec"], kind)
    return [*causes, *_rules_after_template(item)]


def validate_workload_update(item: Object, old: Object) -> list[Cause]:
    """Return what is wrong with a change: the selector stays, and of a StatefulSet almost everything."""
    causes = validate_workload(item)
    spec, old_spec = item["spec"], old["spec"]
    if item["kind"] == "StatefulSet":
        fixed = (set(spec) | set(old_spec)) - CHANGEABLE
        if any(spec.get(key) != old_spec.get(key) for key in fixed):
            why = (
                "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', "
                "'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and "
                "'minReadySeconds' are forbidden"
            )
            causes.append(forbidden("spec", why))
    elif spec.get("selector") != old_spec.get("selector"):
        causes.append(invalid("spec.selector", spec.get("selector"), "field is immutable"))
    return causes


def validate_replication_controller(item: Object) -> list[Cause]:
    """Return what is wrong with a ReplicationController, whose selector is a map of labels."""
    spec = item["spec"]
    selector, template = spec.get("selector") or {}, spec.get("template")
    causes = [*names.counts(spec, ("minReadySeconds",), "spec"), *names.missing(spec, ("selector",), "spec")]
    causes += names.counts(spec, ("replicas",), "spec")
    if template is None:
        return [*causes, required("spec.template")]
    labels = template["metadata"].get("labels") or {}
    if not matches({"matchLabels": selector}, labels):
        causes.append(invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`"))
    causes += validate_template(template, "spec.template")
    return [*causes, *_endless_pods(template["spec"], item["kind"])]


def _rules_before_template(item: Object) -> list[Cause]:
    """The rules that a real server applies before those for selector and template."""
    spec = item["spec"]
    match item["kind"]:
        case "Deployment":
            return names.counts(spec, ("replicas",), "spec")
        case "ReplicaSet":
            return names.counts(spec, ("replicas", "minReadySeconds"), "spec")
        case "StatefulSet":
            causes = validate_stateful_rollout(spec)
            for index, claim in enumerate(spec.get("volumeClaimTemplates") or []):
                causes += validate_claim_spec(claim["spec"], f"spec.volumeClaimTemplates[{index}].spec")
            causes += names.counts(spec, ("replicas", "minReadySeconds"), "spec")
            start, name = (spec.get("ordinals") or {}).get("start", 0), spec.get("serviceName")
            causes += names.check(names.non_negative, start, "spec.ordinals.start")
            return [*causes, *(names.check(names.dns_label, name, "spec.serviceName") if name else [])]
        case _:
            return []


def _rules_after_template(item: Object) -> list[Cause]:
    """The rules that a real server applies after those for the template."""
    spec, history = item["spec"], names.counts(item["spec"], ("revisionHistoryLimit",), "spec")
    match item["kind"]:
        case "Deployment":
            causes = [*validate_deployment_rollout(spec["strategy"]), *names.counts(spec, ("minReadySeconds",), "spec")]
            return [*causes, *history, *validate_deadline(spec)]
        case "DaemonSet":
            ready = names.counts(spec, ("minReadySeconds",), "spec")
            return [*ready, *validate_daemon_rollout(spec["updateStrategy"]), *history]
        case _:
            return []


def _template_of_pods(item: Object) -> Object:
    """The template with the volumes and the names that a StatefulSet gives its pods."""
    template: Object = item["spec"]["template"]
    claims = item["spec"].get("volumeClaimTemplates") or []
    if item["kind"] != "StatefulSet":
        return template
    spec = {key: value for key, value in template["spec"].items() if key not in {"hostname", "subdomain"}}
    claimed = [claim["metadata"].get("name", "") for claim in claims]
    volumes = [{"name": name, "persistentVolumeClaim": {"claimName": name}} for name in claimed]
    own_volumes = [volume for volume in spec.get("volumes") or [] if volume["name"] not in claimed]
    return {**template, "spec": {**spec, "volumes": [*volumes, *own_volumes]}}


def _endless_pods(spec: Object, kind: str) -> list[Cause]:
    """Refuse pods that end by themselves."""
    field = "spec.template.spec"
    causes = names.check_choice(("Always",), spec.get("restartPolicy", ""), f"{field}.restartPolicy")
    if spec.get("activeDeadlineSeconds") is not None:
        why = f"activeDeadlineSeconds in {TEMPLATE_KINDS.get(kind, 'ReplicaSet')} is not Supported"
        causes.append(forbidden(f"{field}.activeDeadlineSeconds", why))
    return causes
