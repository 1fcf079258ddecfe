"""The criteria by which behaviours are selected: one table for `svcproof run`, `svcproof list` and pytest."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from svcproof.errors import UsageError, near
from svcproof.model.behaviour import Behaviour, Level, Part
from svcproof.model.vocabulary import Feature
from svcproof.printable import quoted

Criteria = Mapping[str, tuple[str, ...]]
"""Values by the name of their criterion: a behaviour must have one of the values of each."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion: its argument and its purpose as --help has them, and the values that a behaviour has for it."""

    takes: str
    says: str
    values: Callable[[Behaviour], Collection[str]]
    vocabulary: tuple[str, ...] = ()
    """Values that exist whether a behaviour has them or not."""


CRITERIA: Mapping[str, Criterion] = {
    "area": Criterion("AREA", "of this area", lambda behaviour: {behaviour.area}),
    "level": Criterion(
        "LEVEL", f"of this level: {', '.join(Level)}", lambda behaviour: {behaviour.level}, tuple(Level)
    ),
    "by": Criterion(
        "PART", f"that this part answers for: {', '.join(Part)}", lambda behaviour: {behaviour.by}, tuple(Part)
    ),
    "feature": Criterion(
        "FEATURE", "that need this feature of the proxy", lambda behaviour: behaviour.features, tuple(Feature)
    ),
    "kep": Criterion(
        "KEP",
        "of this Kubernetes enhancement, such as 2086",
        lambda behaviour: {str(behaviour.kep)} if behaviour.kep else set(),
    ),
}


def read(options: Mapping[str, Iterable[str]], behaviours: Collection[Behaviour]) -> Criteria:
    """Read what the options of this table say, each of them several times or with commas.

    Raises UsageError with every value that none of these behaviours can have.
    """
    problems: list[str] = []
    criteria: dict[str, tuple[str, ...]] = {}
    for name, criterion in CRITERIA.items():
        used = {str(value) for behaviour in behaviours for value in criterion.values(behaviour)}
        known = sorted({*map(str, criterion.vocabulary), *used}, key=_place)
        words = [word.strip() for text in options.get(name, ()) for word in text.split(",")]
        values = {word: _value(word, known) for word in words}
        problems += [_unknown(name, word, known) for word, value in values.items() if not value]
        if values:
            criteria[name] = tuple(sorted(set(values.values()), key=_place))
    if problems:
        raise UsageError(problems)
    return criteria


def meets(behaviour: Behaviour, criteria: Criteria) -> bool:
    """True if the behaviour has one of the values of each criterion."""
    return all(set(values).intersection(CRITERIA[name].values(behaviour)) for name, values in criteria.items())


def words_of(criteria: Criteria) -> Iterator[str]:
    """Yield the criteria as words of a command line."""
    return (f"--{name}={','.join(values)}" for name, values in criteria.items())


def _value(word: str, known: Collection[str]) -> str:
    """The known value that is meant, in capitals or not, an enhancement with `KEP-` or not; empty if there is none."""
    plain = {value.casefold(): value for value in known}
    return word if word in known else plain.get(word.casefold().removeprefix("kep-"), "")


def _place(value: str) -> tuple[int, str]:
    """The place of a value among others: that of a number, or of the alphabet."""
    return int(value) if value.isdecimal() else 0, value


def _unknown(name: str, word: str, known: Collection[str]) -> str:
    others = f"; there are: {', '.join(known)}" if known else "; no behaviour has one"
    if not word:
        return f"--{name}: a value is empty{others}"
    close = "" if word.isdigit() else near(word, known)  # Numbers that look alike have nothing to do with each other.
    return f"unknown {CRITERIA[name].takes.lower()} {quoted(word)}{close or others}"
