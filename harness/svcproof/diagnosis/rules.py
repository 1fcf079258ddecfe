"""The rules on nodes that came for a Service in the time of a check, where somebody recorded them."""

import re
from collections.abc import Collection

from svcproof.diagnosis.case import Case, Look
from svcproof.diagnosis.phrases import listed, seconds
from svcproof.diagnosis.served import Served
from svcproof.model.event import Verb


def about_rules(case: Case, match: Served | None, look: Look, nodes: Collection[str]) -> str:
    """The nodes without a rule for the target of a look, and the time of the others' rules; empty if unknown.

    It is known only of a Service that the check itself has made: rules of an older one may have been there before.
    """
    made = [
        at
        for at, change in case.changes
        if (change.kind, change.verb) == ("Service", Verb.CREATE)
        and match is not None
        and change.name == match.service.name
    ]
    recorded = {each.rules.node for each in case.fact.circumstances if each.rules}
    if match is None or not made or not recorded or not set(nodes) <= recorded:
        return ""
    target = str(match.port["nodePort"]) if match.door == "node port" else look.target.address
    rules = _rules(case, target)
    since = {node: min(lines.values()) for node, lines in rules.items() if lines}
    lacking = set(nodes) - since.keys()
    if not since:
        return f"; no node has got a rule that names {target} since the Service was made"
    if lacking:
        others = f"; {listed(since)} got theirs {seconds(max(0.0, max(since.values()) - made[-1]))} after it was made"
        return f"; {listed(lacking)} {'have' if len(lacking) > 1 else 'has'} no rule that names {target}{others}"
    elsewhere = {line for node, lines in rules.items() if node not in nodes for line in lines}
    own = sorted(line for node in nodes for line in rules[node] if line not in elsewhere)
    return f"; {listed(nodes)} alone has the rule `{own[0]}`" if own and elsewhere and len(nodes) == 1 else ""


def _rules(case: Case, target: str) -> dict[str, dict[str, float]]:
    """By node: the rules that name an address or port and are still there, with the time when each came."""
    pattern = re.compile(rf"(?<![\w.:]){re.escape(target)}(?![\w.]{'|:' if ':' in target else ''})")
    rules: dict[str, dict[str, float]] = {}
    for each in case.fact.circumstances:
        if each.rules is not None:
            own = rules.setdefault(each.rules.node, {})
            own.update({line: each.at for line in each.rules.came if pattern.search(line)})
            for line in each.rules.gone:
                own.pop(line, None)
    return rules
