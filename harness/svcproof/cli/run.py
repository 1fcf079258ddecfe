"""`svcproof run`: the suites, on a cluster, against a proxy."""

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from svcproof.cli import Workers, cluster_options, criteria_options, say, suite_option
from svcproof.errors import UsageError, gathered
from svcproof.exit_code import ExitCode
from svcproof.model.criteria import CRITERIA
from svcproof.model.options import MOST_REPEATS, Options, pytest_words
from svcproof.model.shard import Shard

if TYPE_CHECKING:
    from svcproof.model.behaviour import Behaviour
    from svcproof.report.rerun import Rerun


@click.command(
    short_help="Run the suites against a proxy.",
    epilog="Example: svcproof run --cluster lab --proxy ./mine.yaml --area node_port",
)
@cluster_options
@click.option("--profile", type=click.Choice(["core", "full"]), default="full", show_default=True)
@suite_option
@criteria_options
@click.option(
    "-k",
    "expression",
    default="",
    metavar="EXPR",
    help="Only behaviours that match, as pytest -k: `a or b`, `not a`, a part of an id. A whole id means no other.",
)
@click.option(
    "--workers",
    type=Workers(),
    default="auto",
    show_default=True,
    help="Processes side by side, each with a lab of its own or all on one cluster; auto: in labs as many as pay.",
)
@click.option("--shard", default="", metavar="I/N", help="Only the I-th of N parts of what is selected; see merge.")
@click.option(
    "--repeat", type=click.IntRange(1, MOST_REPEATS), metavar="N", help="Make each check N times [default: 1]."
)
@click.option(
    "--patience",
    multiple=True,
    metavar="FACTOR|LIMIT=FACTOR",
    help="Multiply all limits, or one, on a slow machine; repeatable; see svcproof limits.",
)
@click.option("--ignore-release", is_flag=True, help="Check also what is younger than the cluster's release.")
@click.option("--seed", type=click.IntRange(0), help="Random order, from this seed; 0 draws one.")
@click.option(
    "--rerun-failed",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Run again what failed, broke or was not run in the run whose results are there, with its options.",
)
@click.option(
    "--fail-fast",
    type=click.IntRange(1),
    is_flag=False,
    flag_value=1,
    default=None,
    metavar="[N]",
    help="End the run after N MUSTs that failed; without N, after the first.",
)
@click.option(
    "--pause-on-failure", is_flag=True, help="Where a check does not hold, wait for Enter before its clean-up."
)
@click.option(
    "--baseline",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Known failures: they do not fail the run, and whatever is otherwise does.",
)
@click.option(
    "--write-baseline",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the failures of this run there, to fill in and name with --baseline.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be checked and what would be untestable; make nothing.")
@click.option("--json", "as_json", is_flag=True, help="With --dry-run: as JSON.")
@click.option(
    "--results",
    type=click.Path(path_type=Path, file_okay=False),
    help="Directory for results [default: one in results/].",
)
def command(
    suites: tuple[str, ...],
    profile: str,
    expression: str,
    workers: int,
    shard: str,
    repeat: int | None,
    patience: tuple[str, ...],
    ignore_release: bool,
    seed: int | None,
    rerun_failed: Path | None,
    fail_fast: int | None,
    pause_on_failure: bool,
    baseline: Path | None,
    write_baseline: Path | None,
    dry_run: bool,
    as_json: bool,
    results: Path | None,
    **said: Any,
) -> int:
    """Make the cluster, or take one that exists, start the proxy, run the suites, and report.

    Exit code: 0 nothing speaks against the proxy; 1 a MUST failed; 2 interrupted; 3 something could not be decided;
    4 wrong usage or declaration; 5 nothing selected.
    """
    from svcproof import limits
    from svcproof.errors import near
    from svcproof.model import criteria
    from svcproof.plugin.keywords import named_by
    from svcproof.plugin.processes import fitting
    from svcproof.plugin.pytest_run import run_pytest
    from svcproof.report import rerun

    if expression and not expression.isprintable():  # pytest would print it as it is.
        raise UsageError(f"-k {expression}: no behaviour has such characters in its id; see svcproof list")
    if as_json and not dry_run:
        raise UsageError(
            "--json is for --dry-run: what a run finds is in the run.jsonl and the junit.xml of its results"
        )
    words = {name: said.pop(name) for name in CRITERIA}
    options_given = Options(**said)
    earlier = rerun.load(rerun_failed) if rerun_failed else None
    if earlier:
        if not earlier.open:
            say(earlier.nothing)
            return ExitCode.OK
        suites = suites or own_suites_of(earlier)
        options_given = earlier.options(options_given)
        patience = patience or earlier.header.patience
    known, provider = validated(options_given, words, shard, suites, expression, patience, baseline, write_baseline)
    options = [word.replace("--", "--svcproof-", 1) for word in options_given.words]
    options += [f"--svcproof-profile={profile}"]
    options += [f"--svcproof-{name}={word}" for name in words for word in words[name]]
    options += [f"--svcproof-expression={expression}"] if expression else []
    options += [f"--svcproof-shard={shard}"] if shard else []
    options += ["--svcproof-ignore-release"] if ignore_release else []
    options += [f"--svcproof-rerun-failed={earlier.place}"] if earlier else []
    options += [f"--svcproof-repeat={repeat}"] if repeat else []
    options += [f"--svcproof-seed={seed}"] if seed is not None else []
    options += [f"--svcproof-fail-fast={fail_fast}"] if fail_fast else []
    options += [f"--svcproof-baseline={baseline.absolute()}"] if baseline else []
    options += [f"--svcproof-write-baseline={write_baseline.absolute()}"] if write_baseline else []
    options += ["--svcproof-pause-on-failure"] if pause_on_failure else []
    options += [f"--svcproof-results={results.absolute()}"] if results else []
    options += [f"--svcproof-patience={word}" for word in patience]
    with limits.patience(limits.read(patience)):
        options += [f"--timeout={limits.Judged.CHECK.seconds:g}"]
    if dry_run:
        code = describe_run(options, suites, as_json=as_json)
    else:
        if not workers:
            meant = criteria.read(words, known)
            asked = [each for each in known if criteria.meets(each, meant) and (profile == "full" or each.core)]
            checks = len(earlier.open if earlier else named_by(expression, asked)) * (repeat or 1)
            workers = 1 if pause_on_failure else fitting(provider, checks)
        options += ["-p", "xdist.plugin", "-n", str(workers)] if workers > 1 else []
        code = run_pytest(options, suites)
    if code == ExitCode.NOTHING_SELECTED:
        say(
            f"no behaviour was selected{near(expression, [behaviour.id for behaviour in known])}; see svcproof list",
            err=True,
        )
    return code


def own_suites_of(earlier: "Rerun") -> tuple[str, ...]:
    """The suites of a run to be run again; raises UsageError where pytest ran it, on tests that are in none."""
    nodes = dict.fromkeys(verdict.behaviour.node.partition("::")[0] for verdict in earlier.open)
    nodes.pop("", None)
    if nodes:
        places = pytest_words(earlier.path(node) if node.endswith(".py") else node for node in nodes)
        command = shlex.join(["pytest", f"--svcproof-rerun-failed={earlier.shown}", *places])
        raise UsageError(f"{earlier.shown} are the results of a project's own tests; run them again with: {command}")
    return earlier.suites


def validated(
    options_given: Options,
    words: Mapping[str, Sequence[str]],
    shard: str,
    suites: Sequence[str],
    expression: str,
    patience: Sequence[str],
    baseline: Path | None,
    write_baseline: Path | None,
) -> "tuple[tuple[Behaviour, ...], str]":
    """Check all that a run names before anything is made; return all behaviours of these suites, and the provider.

    Raises UsageError with every mistake, and ProvisionError where this machine cannot hold the cluster.
    """
    from svcproof import declare, providers
    from svcproof.declare import baselines
    from svcproof.declare.catalogue import catalogue
    from svcproof.errors import ProvisionError
    from svcproof.kubernetes.kind import tools
    from svcproof.lab.process.requirements import missing
    from svcproof.model import criteria
    from svcproof.plugin.own_suites import chosen

    problems: list[str] = []
    known, on = None, None
    with gathered(problems):
        known = chosen(suites)
        criteria.read(words, known)
    existing = (*(known or ()), *(catalogue(declare.suites_dir()) if suites else ()))
    documented = {behaviour.id for behaviour in existing}
    with gathered(problems):
        on, _ = declare.pair(options_given, behaviours=documented if known is not None else None)
    if baseline:
        with gathered(problems):
            baselines.baseline(baseline, existing if known is not None else None)
    if write_baseline:
        with gathered(problems):
            baselines.refuse_existing(write_baseline)
    if options_given.faults:
        problems += providers.find(on.provider if on else "lab").fault_problems(options_given.faults)
    problems += option_problems(expression, shard, patience)
    if problems or on is None:
        raise UsageError(problems)
    if on.provider == "lab" and (lacks := missing()):
        raise ProvisionError("a lab cannot run here:\n" + "\n".join(map(str, lacks)))
    if on.provider == "kind":
        tools.find()
    return tuple(known or ()), on.provider


def option_problems(expression: str, shard: str, patience: Sequence[str]) -> list[str]:
    """Return what is wrong with -k and with others."""
    from svcproof import limits

    problems = [f"-k {expression!r}: {problem}" for problem in [expression_problem(expression)] if problem]
    with gathered(problems):
        _ = Shard.read(shard) if shard else None
    with gathered(problems):
        limits.read(patience)
    return problems


def expression_problem(expression: str) -> str:
    """Return what is wrong with an expression over ids, in pytest's words; empty if nothing is."""
    from _pytest.mark.expression import Expression

    try:
        _ = Expression.compile(expression) if expression else None
    except SyntaxError as error:
        return f"at column {error.offset}: {error.msg}"
    return ""


def describe_run(options: Sequence[str], suites: Sequence[str], *, as_json: bool) -> int:
    """Print what a run with these options would do, and return the exit code: 5 if it selects nothing."""
    from svcproof.plugin.dry_run import DryRun
    from svcproof.plugin.pytest_run import run_pytest
    from svcproof.report import plan

    session = DryRun()
    code = run_pytest([*options, "--collect-only"], suites, session)
    if session.behaviours:
        asked = session.wanted
        values = session.plan(), asked.cluster, asked.proxy, asked.repeat
        say(plan.as_json(*values) if as_json else plan.described(*values))
    return code
