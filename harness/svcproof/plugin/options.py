"""Command-line options, and the declarations they name."""

import argparse
import random
from collections.abc import Collection
from contextlib import ExitStack
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from svcproof.errors import UsageError, gathered
from svcproof.limits import patience, read
from svcproof.model import criteria
from svcproof.model.behaviour import Behaviour
from svcproof.model.criteria import CRITERIA, Criteria
from svcproof.model.options import MOST_REPEATS, Options, meaning, name_of
from svcproof.model.shard import Shard
from svcproof.plugin.processes import has_workers, is_worker, refusal

if TYPE_CHECKING:
    from svcproof.model.baseline import Baseline
    from svcproof.model.cluster_spec import ClusterSpec
    from svcproof.model.proxy_spec import ProxySpec
    from svcproof.report.rerun import Rerun


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The options of one pytest run, resolved."""

    cluster: "ClusterSpec"
    proxy: "ProxySpec"
    given: Options
    profile: str
    expression: str
    """The -k of `svcproof run`; pytest's own is pytest's."""
    results: str
    repeat: int
    seed: int | None
    fail_fast: int | None
    rerun: "Rerun | None"
    shard: Shard | None
    baseline: "Baseline | None"
    """The failures that are known."""
    day: date
    """The day on which the run begins, in UTC."""
    write_baseline: str
    """The file for the failures of this run; empty: none."""


WANTED = pytest.StashKey[Wanted]()
SEED = pytest.StashKey[int | None]()
RERUN = pytest.StashKey["Rerun | None"]()
"""The earlier run of which this one runs again what did not hold."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options; each has our prefix, since other plugins claim plain names."""
    group = parser.getgroup("svcproof", "Kubernetes Service proxy conformance")
    for field in fields(Options):
        meant, name = meaning(field), f"--svcproof-{name_of(field.name)}"
        details: dict[str, Any] = {"dest": f"svcproof_{field.name}", "help": meant.help}
        if not meant.takes:
            group.addoption(name, action="store_true", **details)
        elif field.default == ():
            group.addoption(name, action="append", default=[], metavar=meant.takes, **details)
        else:
            group.addoption(name, default="", metavar=meant.takes, **details)
    group.addoption("--svcproof-profile", choices=("core", "full"), default="full", help="which behaviours to run")
    for name, criterion in CRITERIA.items():
        purpose = f"only behaviours {criterion.says}; repeatable, or a list with commas"
        group.addoption(f"--svcproof-{name}", metavar=criterion.takes, action="append", default=[], help=purpose)
    # What `svcproof run` was told, for the line that runs a behaviour again: pytest itself takes paths.
    group.addoption("--svcproof-suite", action="append", default=[], help=argparse.SUPPRESS)
    group.addoption("--svcproof-expression", default="", help=argparse.SUPPRESS)
    group.addoption("--svcproof-results", metavar="DIR", default="", help="where the files of the run go")
    group.addoption("--svcproof-baseline", metavar="FILE", default="", help="failures that are known, one by one")
    group.addoption(
        "--svcproof-write-baseline", metavar="FILE", default="", help="write the failures of this run there, to fill in"
    )
    group.addoption("--svcproof-shard", metavar="I/N", default="", help="the I-th of N parts of what is selected")
    group.addoption("--svcproof-repeat", metavar="N", type=int, help="make each check N times")
    group.addoption(
        "--svcproof-patience",
        metavar="FACTOR|LIMIT=FACTOR",
        action="append",
        default=[],
        help="multiply all limits, or one, on a slow machine",
    )
    group.addoption(
        "--svcproof-ignore-release", action="store_true", help="check also what is younger than the cluster's release"
    )
    group.addoption(
        "--svcproof-seed", metavar="N", type=int, default=None, help="random order, from this seed; 0: draw one"
    )
    group.addoption(
        "--svcproof-rerun-failed",
        metavar="DIR",
        default="",
        help="run again what failed, broke or was not run in the run whose results are there, with its options",
    )
    group.addoption(
        "--svcproof-fail-fast",
        metavar="N",
        nargs="?",
        type=int,
        const=1,
        default=None,
        help="end the run after N MUSTs that failed; without N, after the first",
    )
    group.addoption(
        "--svcproof-pause-on-failure",
        action="store_true",
        help="where a check does not hold, wait for a key before its clean-up, to have a look",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Draw what all processes of this run must agree on, and have the patience of the run in each of them."""
    try:
        config.stash[RERUN] = follow(config.option)
        allowed = read(config.option.svcproof_patience)
    except UsageError as error:
        raise refusal(error.problems) from None
    if config.option.svcproof_pause_on_failure and has_workers(config):
        raise refusal(["--pause-on-failure pauses one process: leave --workers, or -n, out"])
    until = ExitStack()
    until.enter_context(patience(allowed))
    config.add_cleanup(until.close)
    settings = getattr(config, "workerinput", {})
    seed = settings.get("svcproof_seed", config.option.svcproof_seed)
    config.stash[SEED] = random.SystemRandom().randrange(1, 1 << 31) if seed == 0 else seed


def follow(option: argparse.Namespace) -> "Rerun | None":
    """Take the options that are not given from the run that is run again, if there is one, and return it.

    The processes of a run agree on its place: `results/latest` leads to the new results once they are begun.
    """
    if not option.svcproof_rerun_failed:
        return None
    from svcproof.report import rerun

    earlier = rerun.load(Path(option.svcproof_rerun_failed))
    taken = earlier.options(_given(option))
    for field in fields(Options):
        setattr(option, f"svcproof_{field.name}", getattr(taken, field.name))
    option.svcproof_patience = option.svcproof_patience or list(earlier.header.patience)
    option.svcproof_ignore_release = option.svcproof_ignore_release or earlier.header.ignore_release
    if option.svcproof_repeat is None:
        option.svcproof_repeat = earlier.header.repeat
    option.svcproof_rerun_failed = str(earlier.place)
    return earlier


def _given(option: argparse.Namespace) -> Options:
    values: dict[str, Any] = {field.name: getattr(option, f"svcproof_{field.name}") for field in fields(Options)}
    return Options(**values | {"faults": tuple(values["faults"])})


def repeats(config: pytest.Config) -> int:
    """The number of times that each check is made."""
    asked: int | None = config.option.svcproof_repeat
    return 1 if asked is None else asked


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Hand a worker what it must agree on."""
    node.workerinput["svcproof_seed"] = node.config.stash[SEED]


def wanted(config: pytest.Config) -> Wanted:
    """Resolve the options; every mistake in them and in the declarations at once, as a pytest UsageError."""
    if WANTED not in config.stash:
        try:
            config.stash[WANTED] = _resolved(config)
        except UsageError as error:
            raise refusal(error.problems) from None
    return config.stash[WANTED]


def criteria_among(config: pytest.Config, behaviours: Collection[Behaviour]) -> Criteria:
    """Read by what the options select among these behaviours; tells mistakes in all options at once, as `wanted`."""
    chosen: Criteria = {}
    problems: list[str] = []
    with gathered(problems):
        chosen = criteria.read({name: getattr(config.option, f"svcproof_{name}") for name in CRITERIA}, behaviours)
    with gathered(problems):
        config.stash[WANTED] = _resolved(config, behaviours)
    if problems:
        raise refusal(problems)
    return chosen


def _resolved(config: pytest.Config, collected: Collection[Behaviour] = ()) -> Wanted:
    from svcproof import declare, providers

    option = config.option
    given = _given(option)
    problems: list[str] = []
    if not 1 <= repeats(config) <= MOST_REPEATS:
        problems.append(f"--svcproof-repeat {option.svcproof_repeat}: is no number from 1 to {MOST_REPEATS}")
    if option.svcproof_fail_fast is not None and option.svcproof_fail_fast < 1:
        problems.append(f"--svcproof-fail-fast {option.svcproof_fail_fast}: is no number of MUSTs from 1 on")
    shard, pair, baseline = None, None, None
    with gathered(problems):
        baseline = _baseline(config, collected)
    with gathered(problems):
        shard = Shard.read(option.svcproof_shard) if option.svcproof_shard else None
    with gathered(problems):
        pair = declare.pair(given)
    # Asked only where there are any, for a provider takes long to import.
    if given.faults and pair:
        problems += providers.find(pair[0].provider).fault_problems(given.faults)
    if problems or pair is None:
        raise UsageError(problems)
    return Wanted(
        cluster=pair[0],
        proxy=pair[1],
        given=given,
        profile=option.svcproof_profile,
        expression=option.svcproof_expression,
        results=option.svcproof_results,
        repeat=repeats(config),
        seed=config.stash[SEED],
        fail_fast=option.svcproof_fail_fast,
        rerun=config.stash[RERUN],
        shard=shard,
        baseline=baseline,
        day=datetime.now(UTC).date(),
        write_baseline=option.svcproof_write_baseline,
    )


def _baseline(config: pytest.Config, collected: Collection[Behaviour]) -> "Baseline | None":
    """The baseline of the run: that of the file, else that of the run that is run again.

    Where pytest was given paths, what it has not collected may well be in another file of the project.
    """
    from svcproof import declare
    from svcproof.declare.baselines import baseline, refuse_existing
    from svcproof.declare.catalogue import catalogue

    option, earlier = config.option, config.stash[RERUN]
    if option.svcproof_write_baseline and not is_worker(config):
        refuse_existing(Path(option.svcproof_write_baseline))
    if not option.svcproof_baseline:
        return earlier.header.baseline if earlier else None
    has_all = collected and config.args_source is not config.ArgsSource.ARGS
    known = (*collected, *catalogue(declare.suites_dir())) if has_all else None
    return baseline(Path(option.svcproof_baseline), known)
