"""From collected test functions to behaviours: who is who, which are wanted, in which order."""

import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from harness.model.behaviour import Behaviour, claimed
from harness.plugin.options import Wanted, wanted
from harness.plugin.processes import FIRST_WORKER, leave, left
from harness.plugin.refusal import refusal
from harness.plugin.stages import load_stages

if TYPE_CHECKING:
    from pydantic import TypeAdapter

BEHAVIOUR = pytest.StashKey[Behaviour]()
REPEAT = "svcproof_repeat"
COLLECTED = "collected.json"


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
    load_stages(config)
    _refuse_mistakes(checks)
    asked = wanted(config)
    unwanted = [item for item in checks if not _is_wanted(item.stash[BEHAVIOUR], asked)]
    if unwanted:
        config.hook.pytest_deselected(items=unwanted)
        items[:] = [item for item in items if item not in unwanted]
    if asked.seed is not None:
        _shuffle(items, asked.seed)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(node: Any) -> None:
    """In the controlling process: begin when the first worker has collected behaviours."""
    if node.gateway.id == FIRST_WORKER and (found := shared_behaviours(node.config)):
        load_stages(node.config)
        from harness.plugin.controller import begin_with_workers

        begin_with_workers(node.config, found)


def _shuffle(items: list[pytest.Item], seed: int) -> None:
    """Change the order of the checks among themselves; other tests stay where they are."""
    places = [place for place, item in enumerate(items) if BEHAVIOUR in item.stash]
    checks = [items[place] for place in places]
    random.Random(seed).shuffle(checks)
    for place, check in zip(places, checks, strict=True):
        items[place] = check


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
        raise refusal(dict.fromkeys(problems))


def _place(item: pytest.Item) -> str:
    path, line, _ = item.reportinfo()
    try:
        shown = Path(path).relative_to(item.config.rootpath)
    except ValueError:
        shown = Path(path)
    return f"{shown}:{(line or 0) + 1}"


def write_shared_behaviours(config: pytest.Config, found: tuple[Behaviour, ...]) -> None:
    """In a worker: leave what was collected where the controlling process, which collects nothing, finds it."""
    leave(config, COLLECTED, _behaviours().dump_json(found))


def shared_behaviours(config: pytest.Config) -> tuple[Behaviour, ...]:
    """In the controlling process: take what the first worker left; all of them collect the same.

    A worker that collected no behaviour leaves nothing.
    """
    try:
        return _behaviours().validate_json(left(config, COLLECTED))
    except FileNotFoundError:
        return ()


def _behaviours() -> "TypeAdapter[tuple[Behaviour, ...]]":
    from pydantic import TypeAdapter

    return TypeAdapter(tuple[Behaviour, ...])
