"""Label selectors: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors ."""

from functools import partial

from svcproof.json_objects import Object
from svcproof.lab.apiserver import names
from svcproof.lab.apiserver.errors import Cause, forbidden, invalid, required


def validate_selector(selector: Object, field: str) -> list[Cause]:
    """Return what is wrong with a selector."""
    causes = names.labels(selector.get("matchLabels") or {}, f"{field}.matchLabels")
    return [*causes, *names.check_each(_requirement, selector.get("matchExpressions"), f"{field}.matchExpressions")]


def matches(selector: Object, labels: dict[str, str]) -> bool:
    """Return True if the selector selects `labels`."""
    if any(labels.get(key) != value for key, value in (selector.get("matchLabels") or {}).items()):
        return False
    for requirement in selector.get("matchExpressions") or []:
        value, values = labels.get(requirement["key"]), requirement.get("values") or []
        holds = {
            "In": value in values,
            "NotIn": value not in values,
            "Exists": value is not None,
            "DoesNotExist": value is None,
        }
        if not holds.get(requirement["operator"], False):
            return False
    return True


def _requirement(requirement: Object, field: str) -> list[Cause]:
    operator, values, causes = requirement["operator"], requirement.get("values") or [], list[Cause]()
    if operator in {"In", "NotIn"}:
        if not values:
            causes.append(required(f"{field}.values", "must be specified when `operator` is 'In' or 'NotIn'"))
    elif operator in {"Exists", "DoesNotExist"}:
        if values:
            why = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
            causes.append(forbidden(f"{field}.values", why))
    else:
        causes.append(invalid(f"{field}.operator", operator, "not a valid selector operator"))
    causes += names.check(names.qualified_name, requirement["key"], f"{field}.key")
    return [*causes, *names.check_each(partial(names.check, names.label_value), values, f"{field}.values")]
