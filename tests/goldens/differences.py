"""Where the lab's server answers otherwise than a real one, on purpose: scenario and step to the reason."""

from typing import Any

from svcproof.lab.apiserver.warnings import WARNING

WORDING = {
    ("refused_workloads", "15 CronJob sec2"): "the wording of Go's parser of durations",
    ("lists", "bad token"): "the wording of Go's base64 decoder",
    ("lists", "junk selector"): "the wording of Go's selector parser",
    ("patches", "json malformed"): "the wording of Go's JSON decoder",
    ("patches", "malformed"): "the wording of Go's JSON decoder",
    ("pods", "change command"): "a real server adds a diff of its own Go structs",
    ("refused_policies", "5 PodDisruptionBudget both"): "a real server shows its own Go struct",
    ("refused_others", "19 Secret docker"): "the wording of Go's JSON decoder",
    ("refused_pods", "17 Pod contradiction"): "a real server shows its own Go struct",
    ("services", "replace with other uid"): "a real server tells of its storage",
}
"""Only messages differ."""
GENERATION = "a real server adds an annotation to DaemonSets, but not within tables"
ANSWERS = {
    ("accepted_networking", "13 IPAddress 10.96.4.4 as a table"): "a real server has a cell more than it has columns",
    ("accepted_workloads", "5 DaemonSet ds1 as a table"): GENERATION,
    ("accepted_workloads", "6 DaemonSet ds2 as a table"): GENERATION,
    ("patches", "strict patch"): "a real server repeats the whole object in its message; the lab says what a PUT gets",
    ("services", "no name"): "a real server fails first to make an IPAddress for a Service without a name",
    ("tables", "table of daemon sets"): GENERATION,
    ("watches", "bad version"): "a real server answers with status 500 to what is the client's mistake",
}
"""The answers differ."""
ADVICE = (
    *("duplicate port", "dangerously ambiguous port", "hides previous definition", "FQDN endpoints are deprecated"),
    "this is used in the Pod's hostname",
    *("failed to find any PEM data", "Recycle reclaim policy is deprecated"),
)
"""Warnings of a real server about what is allowed; the lab's has those about Services alone."""


def comparable(scenario: str, step: str, answer: Any) -> Any:
    """Return of an answer what must be the same."""
    if (scenario, step) in ANSWERS:
        return None
    answer = _wordless(answer) if (scenario, step) in WORDING else answer
    return {**answer, "warnings": _shared(answer["warnings"])} if answer.get("warnings") else answer


def _shared(warnings: list[str]) -> list[str]:
    """Warnings without those that only one of the two servers gives, the lab's of kinds that nothing acts on."""
    return [warning for warning in warnings if not any(words in warning for words in (WARNING, *ADVICE))]


def _wordless(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _wordless(one) for key, one in value.items() if key != "message"}
    return [_wordless(one) for one in value] if isinstance(value, list) else value
