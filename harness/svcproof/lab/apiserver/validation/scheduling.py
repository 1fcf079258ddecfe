"""Affinity, spread and tolerations of a pod: https://kubernetes.io/docs/concepts/scheduling-eviction/ ."""

from svcproof.json_objects import Object
from svcproof.lab.apiserver import names
from svcproof.lab.apiserver.errors import Cause, invalid, not_supported, required
from svcproof.lab.apiserver.validation.label_selector import validate_selector

UNMET = ("DoNotSchedule", "ScheduleAnyway")
EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
OPERATORS = ("Equal", "Exists")
HARD = "requiredDuringSchedulingIgnoredDuringExecution"


def validate_placement(spec: Object, field: str) -> list[Cause]:
    """Return what is wrong with affinity to nodes and to other pods."""
    affinity, causes = spec.get("affinity") or {}, list[Cause]()
    hard = (affinity.get("nodeAffinity") or {}).get(HARD)
    if hard is not None and not hard.get("nodeSelectorTerms"):
        terms_field = f"{field}.affinity.nodeAffinity.{HARD}.nodeSelectorTerms"
        causes.append(required(terms_field, "must have at least one node selector term"))
    for key in ("podAffinity", "podAntiAffinity"):
        for index, term in enumerate((affinity.get(key) or {}).get(HARD) or []):
            key_field = f"{field}.affinity.{key}.{HARD}[{index}].topologyKey"
            if not term.get("topologyKey"):
                causes.append(required(key_field, "can not be empty"))
            causes += names.check(names.qualified_name, term.get("topologyKey", ""), key_field)
    return causes


def validate_spread(spec: Object, field: str) -> list[Cause]:
    """Return what is wrong with how pods are spread over zones and nodes."""
    causes: list[Cause] = []
    for index, constraint in enumerate(spec.get("topologySpreadConstraints") or []):
        constraint_field = f"{field}.topologySpreadConstraints[{index}]"
        if constraint["maxSkew"] <= 0:
            causes.append(invalid(f"{constraint_field}.maxSkew", constraint["maxSkew"], "must be greater than zero"))
        if not constraint["topologyKey"]:
            causes.append(required(f"{constraint_field}.topologyKey", "can not be empty"))
        unmet = constraint["whenUnsatisfiable"]
        causes += names.check_choice(UNMET, unmet, f"{constraint_field}.whenUnsatisfiable")
        causes += validate_selector(constraint.get("labelSelector") or {}, f"{constraint_field}.labelSelector")
    return causes


def validate_tolerations(spec: Object, field: str) -> list[Cause]:
    """Return what is wrong with the tolerations of a pod."""
    return names.check_each(_toleration, spec.get("tolerations"), f"{field}.tolerations")


def _toleration(toleration: Object, field: str) -> list[Cause]:
    key, operator = toleration.get("key", ""), toleration.get("operator", "")
    value, effect = toleration.get("value", ""), toleration.get("effect", "")
    causes = names.check(names.qualified_name, key, f"{field}.key") if key else []
    if not key and operator != "Exists":
        why = 'operator must be Exists when `key` is empty, which means "match all values and all keys"'
        causes.append(invalid(f"{field}.operator", operator, why))
    if toleration.get("tolerationSeconds") is not None and effect != "NoExecute":
        causes.append(invalid(f"{field}.effect", effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"))
    if operator == "Exists" and value:
        causes.append(invalid(f"{field}.operator", value, "value must be empty when `operator` is 'Exists'"))
    elif operator in {"", "Equal"} and names.label_value(value):
        causes.append(invalid(f"{field}.operator", value, ";".join(names.label_value(value))))
    elif operator not in {"", *OPERATORS}:
        causes.append(not_supported(f"{field}.operator", operator, OPERATORS))
    if effect and effect not in EFFECTS:
        causes.append(not_supported(f"{field}.effect", effect, EFFECTS))
    return causes
