"""Label selectors: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#api ."""

import re
from collections.abc import Callable, Mapping

from svcproof.json_objects import Object
from svcproof.lab.apiserver.errors import bad_request

Labels = Mapping[str, str]
REQUIREMENT = re.compile(
    r"""\s*(?:
      (?P<absent>!\s*(?P<absent_key>[\w./-]+))
    | (?P<key>[\w./-]+)\s*(?:
          (?P<operator>==|=|!=)\s*(?P<value>[\w.-]*)
        | (?P<set>\s(?:in|notin))\s*\((?P<values>[^()]*)\)
        | (?P<order>[<>])\s*(?P<bound>-?\d+)
      )?
    )\s*(?:,|$)""",
    re.VERBOSE,
)


def label_predicate(text: str) -> Callable[[Labels], bool]:
    """Compile a selector; raises ApiError 400 if it cannot be read."""
    requirements: list[Callable[[Labels], bool]] = []
    at = 0
    while at < len(text):
        match = REQUIREMENT.match(text, at)
        if match is None or (match.end() == len(text) and text.rstrip().endswith(",")):
            raise bad_request(f"unable to parse requirement: {text!r} is not a label selector")
        requirements.append(_requirement(match))
        at = match.end()
    return lambda labels: all(holds(labels) for holds in requirements)


def selector_text(selector: Object) -> str:
    """Return a LabelSelector, or a map of labels, as text on one line; an empty selector gives ""."""
    whole = "matchLabels" in selector or "matchExpressions" in selector
    labels = (selector.get("matchLabels") or {}) if whole else selector
    terms = [(key, f"{key}={value}") for key, value in labels.items()]
    for requirement in (selector.get("matchExpressions") or []) if whole else []:
        key, values = requirement["key"], ",".join(sorted(requirement.get("values") or []))
        match requirement["operator"]:
            case "Exists":
                terms.append((key, key))
            case "DoesNotExist":
                terms.append((key, f"!{key}"))
            case operator:
                terms.append((key, f"{key} {operator.lower()} ({values})"))
    return ",".join(text for _, text in sorted(terms))


def _requirement(match: re.Match[str]) -> Callable[[Labels], bool]:
    key = match["key"] or match["absent_key"]
    if match["absent"]:
        return lambda labels: key not in labels
    if match["operator"]:
        value = match["value"]
        if match["operator"] == "!=":
            return lambda labels: labels.get(key) != value
        return lambda labels: labels.get(key) == value
    if match["set"]:
        values = {part.strip() for part in match["values"].split(",")}
        if match["set"].strip() == "notin":
            return lambda labels: labels.get(key) not in values
        return lambda labels: labels.get(key) in values
    if match["order"]:
        bound, sign = int(match["bound"]), 1 if match["order"] == ">" else -1
        return lambda labels: labels.get(key, "").lstrip("-").isdigit() and (int(labels[key]) - bound) * sign > 0
    return lambda labels: key in labels
