"""Cells of a sweep against what the rules promise: pure functions of both."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address

from svcproof.model.probe import Answer, Observation, Outcome, Protocol
from svcproof.promise.expectation import Answered, Aspect, Backend, Rule
from svcproof.promise.world import World
from svcproof.sweep.cells import Cell

Names = Mapping[tuple[Protocol, str, int], str]
"""The pod that answers at an address and port, by protocol."""
Look = Mapping[Cell, Sequence[Observation]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One aspect in which a cell is not as promised, with the rule that promises it, and both in words."""

    cell: Cell
    aspect: Aspect
    rule: Rule
    expected: str
    seen: str
    backends: tuple[str, ...] = ()
    """The names of those that may answer, or of those that must where this is about one who never did."""


def names_of(world: World) -> Names:
    """The names of those that are our own, by where they answer."""
    return {
        (protocol, _compressed(listener.address), port): listener.name
        for listener in world.listeners
        for protocol, port in listener.ports
    }


def differences(look: Look, names: Names) -> tuple[Difference, ...]:
    """All differences in the cells of a look, in its order; of what no rule promises there is none."""
    found = [difference for cell, seen in look.items() for difference in _in_cell(cell, seen, names)]
    return (*found, *_not_reached(look, names))


def unreached_groups(look: Look, names: Names) -> tuple[tuple[Cell, ...], ...]:
    """Cells that are alike and of whose backends, that must each answer, some have not."""
    return tuple(group for group, missing in _groups(look, names) if missing)


def _in_cell(cell: Cell, seen: Sequence[Observation], names: Names) -> Iterator[Difference]:
    expected, rules = cell.expected, cell.expected.rules

    def differ(aspect: Aspect, words: str, shown: str) -> Iterator[Difference]:
        if rule := rules.get(aspect):
            allowed = expected.should if aspect is Aspect.PREFERENCE else expected.may
            may = tuple(sorted(_names(cell, allowed or (), names)))
            yield Difference(cell=cell, aspect=aspect, rule=rule, expected=words, seen=shown, backends=may)

    answers = [probed.answer for probed in seen if probed.answer is not None]
    outcomes = {probed.outcome for probed in seen}
    if not seen:
        return
    if expected.answered is Answered.NEVER:
        if outcomes & {Outcome.ANSWERED, Outcome.STRANGER}:
            yield from differ(Aspect.ANSWERED, "nobody answers", in_words(seen))
        elif expected.silence and not outcomes <= expected.silence:
            yield from differ(Aspect.SILENCE, f"each try is {_either(expected.silence)}", in_words(seen))
        return
    if expected.answered is Answered.ALWAYS and outcomes != {Outcome.ANSWERED}:
        yield from differ(Aspect.ANSWERED, f"each try is answered{_by(cell, names)}", in_words(seen))
    if expected.may is not None and _strays(cell, expected.may, answers, names):
        yield from differ(Aspect.BACKENDS, f"nobody answers but {_named(expected.may, names)}", in_words(seen))
    elif expected.should is not None and _strays(cell, expected.should, answers, names):
        words = f"nobody answers but {_named(expected.should, names)}, though others may"
        yield from differ(Aspect.PREFERENCE, words, in_words(seen))
    if others := _foreign_sources(cell, answers, names):
        words = f"the backend sees the client come from {_either(expected.sources or ())}"
        yield from differ(Aspect.SOURCE, words, f"it sees it come from {_either(others)}")
    if expected.sticky and len({(answer.pod, answer.port) for answer in answers}) > 1:
        yield from differ(Aspect.STICKY, "one and the same backend answers all tries", in_words(seen))


def _not_reached(look: Look, names: Names) -> Iterator[Difference]:
    for group, missing in _groups(look, names):
        rule = group[0].expected.rules.get(Aspect.SPREAD)
        if not missing or rule is None:
            continue
        tries = sum(len(look[cell]) for cell in group)
        words = f"each of {_named(group[0].expected.must, names)} answers in many tries"
        must = tuple(sorted(_names(group[0], group[0].expected.must, names)))
        shown = f"{' and '.join(sorted(missing))} never, in {tries} tries from all alike"
        for cell in group:
            yield Difference(cell=cell, aspect=Aspect.SPREAD, rule=rule, expected=words, seen=shown, backends=must)


def _groups(look: Look, names: Names) -> Iterator[tuple[tuple[Cell, ...], set[str]]]:
    """Yield cells that are alike, and the names of those that must answer to them and have not."""
    for group in alike(look):
        answers = [probed.answer for cell in group for probed in look[cell] if probed.answer]
        reached = {(answer.pod, answer.port) for answer in answers}
        wanted = {(_name(group[0], backend, names), backend[1]) for backend in group[0].expected.must}
        # If somebody is not answered, or by others, that is the difference, and this would only follow from it.
        is_answered = all(probed.answer for cell in group for probed in look[cell])
        is_well = is_answered and not any(_strays(cell, cell.expected.may or (), answers, names) for cell in group)
        yield group, {name for name, _ in wanted - reached} if is_well else set()


def alike(look: Look) -> Iterator[tuple[Cell, ...]]:
    """Yield cells that are alike, of whose backends each must answer somebody: those of one node at one door."""
    groups: dict[object, list[Cell]] = {}
    for cell in look:
        if cell.expected.must and not cell.expected.sticky and not cell.may_be_silent:
            groups.setdefault((cell.place, cell.expected.must), []).append(cell)
    yield from map(tuple, groups.values())


def _strays(cell: Cell, backends: Iterable[Backend], answers: Sequence[Answer], names: Names) -> bool:
    """True if somebody answers who is none of these backends."""
    among = {(_name(cell, backend, names), backend[1]) for backend in backends}
    return any((answer.pod, answer.port) not in among for answer in answers)


def _name(cell: Cell, backend: Backend, names: Names) -> str:
    address, port = backend
    return names.get((cell.target.protocol, _compressed(address), port), "")


@lru_cache(maxsize=1024)
def _compressed(address: str) -> str:
    return ip_address(address).compressed


def _names(cell: Cell, backends: Iterable[Backend], names: Names) -> set[str]:
    return {_name(cell, backend, names) for backend in backends} - {""}


def _foreign_sources(cell: Cell, answers: Iterable[Answer], names: Names) -> frozenset[str]:
    """The addresses that backends saw and should not."""
    backends = {(_name(cell, backend, names), backend[1]): backend for backend in cell.expected.may or ()}
    return frozenset(
        answer.source
        for answer in answers
        if not cell.expected.admits_source(backends.get((answer.pod, answer.port), ("", 0)), answer.source)
    )


def _by(cell: Cell, names: Names) -> str:
    return f" by {_named(cell.expected.may, names)}" if cell.expected.may else ""


def _named(backends: frozenset[Backend], names: Names) -> str:
    known = {(address, port): pod for (_, address, port), pod in names.items()}
    return _either(known.get((_compressed(address), port), f"{address}:{port}") for address, port in backends)


def _either(items: Iterable[str]) -> str:
    *first, last = sorted({str(item) for item in items}) or ["nobody"]
    return f"{', '.join(first)} or {last}" if first else last


def in_words(seen: Sequence[Observation]) -> str:
    """The outcomes of some probes, each with its number: `answered by db-0 (2), refused (1)`."""
    words = Counter(
        f"answered by {probed.answer.pod}" if probed.answer else f"{probed.outcome}{_error(probed)}" for probed in seen
    )
    return ", ".join(f"{word} ({count})" for word, count in sorted(words.items())) or "not asked"


def _error(probed: Observation) -> str:
    return f", {probed.errno}" if probed.errno and probed.errno not in ("ECONNREFUSED",) else ""
