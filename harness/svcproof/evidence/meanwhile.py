"""The changes of rules and the lines of logs in the time of a check, as its circumstances."""

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from svcproof.evidence import dumps
from svcproof.evidence.collection import Collection
from svcproof.evidence.subject import Subject
from svcproof.model.circumstance import Circumstance, LogLine, RuleChange
from svcproof.model.evidence import Log, RuleDump

MOST_CHANGES = 20
"""Changes of a node, the last ones: each takes some milliseconds to tell."""
MOST_RULES = 40
MOST_LINES = 50
"""Lines of a log, the last ones."""
LONGEST = 240


def circumstances(collection: Collection) -> Iterator[Circumstance]:
    """Yield them in the order of nodes and programs; times are seconds since the check began."""
    for node, states in collection.states.items():
        yield from _changes(node, states, collection.began, collection.subject)
    for log in collection.logs:
        for circumstance in _lines(log, collection.began):
            line = circumstance.log and collection.folder.cleaned(circumstance.log.line)
            if line:
                yield Circumstance(at=circumstance.at, log=LogLine(program=log.name, node=log.node, line=_cut(line)))


def _changes(node: str, states: Sequence[RuleDump], began: float, subject: Subject) -> Iterator[Circumstance]:
    """Yield each change of the rules of these Services since then, and the last listing; nothing without a history."""
    since = [(before, after) for before, after in pairwise(states) if after.at >= began]
    for before, after in since[-MOST_CHANGES:]:
        lines = dumps.difference(before, after, subject)[2:]
        came = tuple(_cut(line[2:]) for line in islice((each for each in lines if each[0] == "+"), MOST_RULES))
        gone = tuple(_cut(line[2:]) for line in islice((each for each in lines if each[0] == "-"), MOST_RULES))
        if came or gone:
            yield Circumstance(at=round(after.at - began, 4), rules=RuleChange(node=node, came=came, gone=gone))
    if len(states) > 1:
        yield Circumstance(at=round(states[-1].at - began, 4), rules=RuleChange(node=node))


def _lines(log: Log, began: float) -> list[Circumstance]:
    lines = [(at, line) for at, line in log.lines if at >= began]
    return [
        Circumstance(at=round(at - began, 4), log=LogLine(program=log.name, node=log.node, line=line))
        for at, line in lines[-MOST_LINES:]
    ]


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
