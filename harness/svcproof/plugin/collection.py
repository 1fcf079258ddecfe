"""From collected test functions to behaviours: who is who, which are wanted, in which order."""

import os
import random
from collections.abc import Generator
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from svcproof.declare.places import suites_dir
from svcproof.model.behaviour import Behaviour, claimed
from svcproof.model.criteria import Criteria, meets
from svcproof.model.release import Release
from svcproof.model.releases import Releases
from svcproof.plugin.keywords import matching
from svcproof.plugin.options import RERUN, Wanted, criteria_among, repeats, wanted
from svcproof.plugin.processes import FIRST_WORKER, leave, left, refusal

if TYPE_CHECKING:
    from pydantic import TypeAdapter

STAGES = (
    "ending",
    "leftovers",
    "cluster_end",
    "turns",
    "gate",
    "recording",
    "sampling",
    "bystanders.stage",
    "retries",
    "hanging",
    "controller",
    "pausing",
)
"""Modules that a session has no use for until it has a behaviour or a cluster.

They take over signals, the terminal's progress and each check's report; until then the plugin does nothing.
"""
ROOT_MARKERS = ("pyproject.toml", "setup.py", "setup.cfg", "pytest.ini", "tox.ini", ".git")
"""Files by which a folder is known for the root of a project."""
BEHAVIOUR = pytest.StashKey[Behaviour]()
REPEAT = "svcproof_repeat"
COLLECTED = "collected.json"
NOTHING = (
    "no behaviour was collected here: to run svcproof's own, `svcproof run`, or `pytest --pyargs svcproof.suites`; "
    "to run those of this project, name their folder"
)
CRITERIA = pytest.StashKey[Criteria]()
"""By what the options select, where checks are collected: in each worker, not in the process that controls them."""
SELECTED = pytest.StashKey[bool]()
"""Set once all plugins have selected among what was collected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """The checks that a session is going to run: `checks` maps node ids to the ids of behaviours.

    `mixed` says that there are other tests beside them; `criteria` is what the options selected them by; `suite` is the
    digest of the suite, once it is known.
    """

    behaviours: tuple[Behaviour, ...]
    checks: dict[str, str]
    mixed: bool
    criteria: Criteria
    suite: str = ""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a check as often as --svcproof-repeat says."""
    times = repeats(metafunc.config)
    if times > 1 and claimed(metafunc.function, "") is not None:
        metafunc.fixturenames.append(REPEAT)
        metafunc.parametrize(REPEAT, range(1, times + 1), indirect=True)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Generator[None, object, object]:
    """Select checks before other plugins select, and note that none of them has refused its options."""
    _select(config, items)
    result = yield
    config.stash[SELECTED] = True
    return result


def _select(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Hang its behaviour on each check, refuse duplicates, leave out what is not asked for, shuffle."""
    for item in items:
        if isinstance(item, pytest.Function) and (behaviour := claimed(item.function, area_of(item))):
            item.stash[BEHAVIOUR] = replace(behaviour, node=node_of(item))
    checks = [item for item in items if BEHAVIOUR in item.stash]
    if not checks:
        return
    load_stages(config)
    _refuse_mistakes(checks)
    behaviours = [item.stash[BEHAVIOUR] for item in checks]
    chosen = config.stash[CRITERIA] = criteria_among(config, behaviours)
    asked = wanted(config)
    named = matching(asked.expression, [behaviour.id for behaviour in behaviours], checks)
    unwanted = [item for item in checks if item not in named or not _is_wanted(item.stash[BEHAVIOUR], asked, chosen)]
    if config.option.svcproof_suite:  # `svcproof run` has verdicts on behaviours alone.
        unwanted += [item for item in items if BEHAVIOUR not in item.stash]
    if unwanted:
        config.hook.pytest_deselected(items=unwanted)
        items[:] = [item for item in items if item not in unwanted]
    if asked.seed is not None:
        _shuffle(items, asked.seed)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, exitstatus: int) -> None:
    """Say why nothing was run again; say what to do where behaviours were expected and there was not a single test."""
    earlier = terminalreporter.config.stash[RERUN]
    if earlier and not earlier.open:
        terminalreporter.write_line(earlier.nothing)
    elif exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and not terminalreporter.stats.get("deselected"):
        terminalreporter.write_line(NOTHING)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """End well where nothing had to be run again."""
    earlier = session.config.stash[RERUN]
    if earlier and not earlier.open and exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
        session.exitstatus = pytest.ExitCode.OK


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(node: Any) -> None:
    """In the controlling process: begin when the first worker has collected behaviours."""
    if node.gateway.id == FIRST_WORKER and (collected := left_collected(node.config)):
        load_stages(node.config)
        from svcproof.plugin.controller import begin_with_workers

        begin_with_workers(node.config, collected)


def load_stages(config: pytest.Config) -> None:
    """Load the stages, once; pytest then configures each as if it had been there from the start."""
    for name in (f"svcproof.plugin.{stage}" for stage in STAGES):
        if not config.pluginmanager.has_plugin(name):
            config.pluginmanager.register(import_module(name), name)


def _shuffle(items: list[pytest.Item], seed: int) -> None:
    """Change the order of the checks among themselves; other tests stay where they are."""
    places = [place for place, item in enumerate(items) if BEHAVIOUR in item.stash]
    checks = [items[place] for place in places]
    random.Random(seed).shuffle(checks)
    for place, check in zip(places, checks, strict=True):
        items[place] = check


def _is_wanted(behaviour: Behaviour, asked: Wanted, chosen: Criteria) -> bool:
    in_profile = asked.profile == "full" or behaviour.core
    is_open = asked.rerun is None or behaviour.id in asked.rerun.ids
    claims = asked.proxy.claims.at(_declared_release(asked))
    return is_open and claims.concern(behaviour) and in_profile and meets(behaviour, chosen)


def _declared_release(asked: Wanted) -> Release | None:
    """The release that will count for the proxy, where the declarations say it: the cluster is not up yet."""
    cluster = asked.cluster.control_plane_version or asked.cluster.kind.kubernetes
    return Releases(cluster=cluster, kube_proxy=asked.proxy.version, declared=asked.proxy.kubernetes).of_proxy


def _refuse_mistakes(checks: list[pytest.Item]) -> None:
    places: dict[str, set[str]] = {}
    problems = []
    for item in checks:
        behaviour = item.stash[BEHAVIOUR]
        places.setdefault(behaviour.id, set()).add(_place(item))
        if not behaviour.requirement:
            problems.append(f"{_place(item)}: behaviour {behaviour.id!r} has no docstring to state its requirement")
    problems += [
        f"behaviour {name!r} is defined twice: {', '.join(sorted(where))}"
        for name, where in places.items()
        if len(where) > 1
    ]
    if problems:
        raise refusal(dict.fromkeys(problems))


def place_of(item: pytest.Item) -> tuple[str, int]:
    """The file and the line where a test is defined."""
    path, line, _ = item.reportinfo()
    return str(Path(path).resolve()), (line or 0) + 1


def area_of(item: pytest.Item) -> str:
    """The folder's name; where that says nothing of the subject, the file's: at the top of a project, or in `tests`."""
    folder = item.path.parent
    is_top = folder == item.config.invocation_params.dir or any((folder / marker).exists() for marker in ROOT_MARKERS)
    if folder.name in ("tests", "test") or is_top:
        return item.path.stem.removeprefix("test_").removesuffix("_test")
    return folder.name


def node_of(item: pytest.Item) -> str:
    """The name by which pytest finds a behaviour that `svcproof run` does not: a file from here, and what is in it.

    In a package that --pyargs names it is the module's: by its file, pytest would not heed the settings that are here.
    """
    if item.config.option.svcproof_suite or item.path.resolve().is_relative_to(suites_dir()):
        return ""
    place = os.path.relpath(item.path, item.config.invocation_params.dir)
    if item.config.option.pyargs and place.startswith(os.pardir):
        place = _module_of(item.path) or place
    return f"{place}::{item.nodeid.partition('::')[2].partition('[')[0]}"


def _module_of(path: Path) -> str:
    """The name by which this file is imported; empty where it is not by one."""
    packages = list(takewhile(lambda folder: (folder / "__init__.py").exists(), path.parents))
    name = ".".join([*(folder.name for folder in reversed(packages)), path.stem])
    found = find_spec(name) if packages else None
    return name if found and found.origin and Path(found.origin).resolve() == path.resolve() else ""


def _place(item: pytest.Item) -> str:
    file, line = place_of(item)
    return f"{file}:{line}"


def collected(session: pytest.Session) -> Collected | None:
    """The checks that the session will run; None without a behaviour, or where the usage was refused."""
    if SELECTED not in session.config.stash:
        return None
    checks = {item.nodeid: item.stash[BEHAVIOUR] for item in session.items if BEHAVIOUR in item.stash}
    if not checks:
        return None
    return Collected(
        behaviours=tuple({behaviour.id: behaviour for behaviour in checks.values()}.values()),
        checks={nodeid: behaviour.id for nodeid, behaviour in checks.items()},
        mixed=len(checks) < len(session.items),
        criteria=session.config.stash[CRITERIA],
    )


def leave_collected(config: pytest.Config, selection: Collected) -> None:
    """In a worker: leave what was collected where the controlling process, which collects nothing, finds it."""
    leave(config, COLLECTED, _adapter().dump_json(selection))


def left_collected(config: pytest.Config) -> Collected | None:
    """In the controlling process: take what the first worker left; all of them collect the same.

    A worker that collected no behaviour leaves nothing.
    """
    try:
        return _adapter().validate_json(left(config, COLLECTED))
    except FileNotFoundError:
        return None


def _adapter() -> "TypeAdapter[Collected]":
    from pydantic import TypeAdapter

    return TypeAdapter(Collected)
