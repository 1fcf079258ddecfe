"""From collected test functions to behaviours: who is who, which are wanted, in which order."""

import random
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from harness.model.behaviour import Behaviour, claimed
from harness.plugin.options import Wanted, wanted
from harness.plugin.processes import leave, left

BEHAVIOUR = pytest.StashKey[Behaviour]()
REPEAT = "svcproof_repeat"
BEHAVIOURS = TypeAdapter(tuple[Behaviour, ...])
COLLECTED = "collected.json"


@pytest.fixture
def svcproof_repeat(request: pytest.FixtureRequest) -> int:
    """Number of this repeat, from 1."""
    return int(request.param)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a check as often as --svcproof-repeat says."""
    times = metafunc.config.option.svcproof_repeat
    if times > 1 and claimed(metafunc.function, "") is not None:
        metafunc.fixturenames.append(REPEAT)
        metafunc.parametrize(REPEAT, range(1, times + 1), indirect=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Hang its behaviour on each check, refuse duplicates, leave out what is not asked for, shuffle."""
    for item in items:
        if isinstance(item, pytest.Function) and (found := claimed(item.function, item.path.parent.name)):
            item.stash[BEHAVIOUR] = found
    checks = [item for item in items if BEHAVIOUR in item.stash]
    if not checks:
        return
    _refuse_mistakes(checks)
    asked = wanted(config)
    unwanted = [item for item in checks if not _is_wanted(item.stash[BEHAVIOUR], asked)]
    if unwanted:
        config.hook.pytest_deselected(items=unwanted)
        items[:] = [item for item in items if item not in unwanted]
    if asked.seed is not None:
        random.Random(asked.seed).shuffle(items)


def _is_wanted(behaviour: Behaviour, asked: Wanted) -> bool:
    in_area = not asked.areas or behaviour.area in asked.areas
    return in_area and (asked.profile == "full" or behaviour.core)


def _refuse_mistakes(checks: list[pytest.Item]) -> None:
    places: dict[str, set[str]] = {}
    problems = []
    for item in checks:
        found = item.stash[BEHAVIOUR]
        places.setdefault(found.id, set()).add(_place(item))
        if not found.requirement:
            problems.append(f"{_place(item)}: behaviour {found.id!r} has no docstring to state its requirement")
    problems += [
        f"behaviour {name!r} is defined twice: {', '.join(sorted(where))}"
        for name, where in places.items()
        if len(where) > 1
    ]
    if problems:
        raise pytest.UsageError(*dict.fromkeys(problems))


def _place(item: pytest.Item) -> str:
    path, line, _ = item.reportinfo()
    try:
        shown = Path(path).relative_to(item.config.rootpath)
    except ValueError:
        shown = Path(path)
    return f"{shown}:{(line or 0) + 1}"


def write_shared_behaviours(config: pytest.Config, found: tuple[Behaviour, ...]) -> None:
    """In a worker: leave what was collected where the controlling process, which collects nothing, finds it."""
    leave(config, COLLECTED, BEHAVIOURS.dump_json(found))


def shared_behaviours(config: pytest.Config) -> tuple[Behaviour, ...]:
    """In the controlling process: take what the first worker left; all of them collect the same."""
    return BEHAVIOURS.validate_json(left(config, COLLECTED))
