"""Label selectors, by https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/."""

from collections.abc import Mapping

from svcproof.json_objects import Object

Labels = Mapping[str, str]


def labels_of(item: Object) -> Labels:
    """The object's labels; empty where it has none."""
    labels: Labels = item["metadata"].get("labels") or {}
    return labels


def contains(labels: Labels, pairs: Labels) -> bool:
    """True if `labels` has every pair of `pairs`: the selector of a Service, or a nodeSelector."""
    return pairs.items() <= labels.items()


def matches(labels: Labels, selector: Object) -> bool:
    """True if a LabelSelector (matchLabels and matchExpressions) selects these labels; an empty one selects all."""
    expressions = selector.get("matchExpressions") or ()
    return contains(labels, selector.get("matchLabels") or {}) and all(
        satisfies(labels, expression) for expression in expressions
    )


def satisfies(labels: Labels, requirement: Object) -> bool:
    """True if labels meet one requirement: key, operator, values; Gt and Lt are for node selectors."""
    value = labels.get(requirement["key"])
    values: list[str] = requirement.get("values") or []
    match requirement["operator"]:
        case "In":
            return value in values
        case "NotIn":
            return value not in values
        case "Exists":
            return value is not None
        case "DoesNotExist":
            return value is None
        case "Gt":
            return value is not None and value.isdigit() and int(value) > int(values[0])
        case "Lt":
            return value is not None and value.isdigit() and int(value) < int(values[0])
        case _:
            return False
