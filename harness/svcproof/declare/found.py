"""Checks made of scenarios: a file that says which behaviour it is makes a test function."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from svcproof.declare.scenarios import scenario
from svcproof.errors import UsageError, gathered, near
from svcproof.model.behaviour import Part, behaviour
from svcproof.model.scenario import FoundBehaviour, Scenario
from svcproof.model.vocabulary import Capability, Feature

Check = Callable[..., None]


def scenario_checks(folder: Path, module: str) -> dict[str, Check]:
    """Return a test function, by its name, for each scenario of a folder; `module` is the name of the file of tests.

    Raises UsageError with every mistake in all of them.
    """
    checks: dict[str, Check] = {}
    problems: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        with gathered(problems):
            check = _check(path, scenario(path), module)
            if check.__name__ in checks:
                raise UsageError(f"{path}: another file is that behaviour, too")
            checks[check.__name__] = check
    if problems:
        raise UsageError(problems)
    return checks


def _check(path: Path, read: Scenario, module: str) -> Check:
    found = read.behaviour
    if found is None:
        raise UsageError(f"{path}: has no `behaviour`, which says what it checks")

    def check(play_scenario: Callable[[Scenario], None]) -> None:
        play_scenario(read)

    check.__name__ = check.__qualname__ = f"test_{found.id}"
    check.__doc__, check.__module__ = found.requirement, module
    declare = behaviour(
        spec=found.clause,
        level=found.level,
        by=Part.PROXY,
        requires=_needs(path, found),
        fails_under=found.fails_under,
        because=found.because or "",
        area=found.area,
        kep=found.kep,
        since=found.since,
    )
    return declare(check)


def _needs(path: Path, found: FoundBehaviour) -> set[StrEnum]:
    known: dict[str, set[StrEnum]] = {}
    for need in (*Capability, *Feature):
        known.setdefault(need.value, set()).add(need)  # A load balancer is both.
    if unknown := [name for name in found.requires if name not in known]:
        problems = [f"{path}: behaviour.requires: there is no {name!r}{near(name, known)}" for name in unknown]
        raise UsageError(problems)
    return {need for name in found.requires for need in known[name]}
