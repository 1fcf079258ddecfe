"""A run that is not made, for people and as JSON: what it would do, and what only a cluster that is up would tell."""

import json
from collections.abc import Iterator

from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.plan import Groups, Plan
from svcproof.model.proxy_spec import ProxySpec
from svcproof.printable import one_line
from svcproof.report.words import few

AFTERWARDS = "what else the cluster lacks is known once it is up"


def described(plan: Plan, cluster: ClusterSpec, proxy: ProxySpec, repeat: int) -> str:
    """The plan in words: what would be checked, a line each, then the rest by its reason, and the numbers."""
    return "\n".join(_lines(plan, cluster, proxy, repeat))


def _lines(plan: Plan, cluster: ClusterSpec, proxy: ProxySpec, repeat: int) -> Iterator[str]:
    if plan.checked:
        yield "would be checked"
    rows = [tuple(map(one_line, (one.area, one.level, one.by, one.id))) for one in plan.checked]
    widths = [max(len(row[column]) for row in rows) for column in range(3)] if rows else []
    for row in rows:
        yield "  " + "  ".join([*(word.ljust(width) for word, width in zip(row, widths, strict=False)), row[-1]])
    yield from _groups("would be untestable", plan.untestable)
    yield from _groups("would be untestable on a cluster of an earlier release; known once it is up", plan.younger)
    yield from _groups("would be a SHOULD on a cluster of an earlier release; known once it is up", plan.pending)
    yield ""
    checked, left = len(plan.checked), sum(map(len, plan.untestable.values()))
    times = f", {repeat} times each" if repeat > 1 else ""
    numbers = f"{checked} of {checked + left} behaviours would be checked{times}"
    yield one_line(f"{proxy.name} on {cluster.name}: {numbers}; nothing was made")
    if cluster.shared:
        yield AFTERWARDS


def _groups(title: str, groups: Groups) -> Iterator[str]:
    if groups:
        yield f"\n{title}"
    for name, members in groups.items():
        yield f"  {one_line(name)}"
        yield f"    {few([behaviour.id for behaviour in members])}"


def as_json(plan: Plan, cluster: ClusterSpec, proxy: ProxySpec, repeat: int) -> str:
    """The plan as a JSON object, with every id."""
    groups = {"untestable": plan.untestable, "younger": plan.younger, "pending": plan.pending}
    return json.dumps(
        {
            "cluster": cluster.name,
            "proxy": proxy.name,
            "repeat": repeat,
            "checked": [behaviour.id for behaviour in plan.checked],
            **{
                key: [{"reason": name, "behaviours": [one.id for one in members]} for name, members in group.items()]
                for key, group in groups.items()
            },
        },
        indent=2,
    )
