"""`svcproof recheck`: judge stored facts anew."""

from pathlib import Path

import click

from svcproof.cli import say


@click.command(
    short_help="Judge stored facts anew.",
    epilog="Example: svcproof recheck results/latest --proxy fixtures/proxies/mine.yaml",
)
@click.argument("results", type=click.Path(path_type=Path))
@click.option("--proxy", metavar="NAME|FILE", help="Judge by the claims of this declaration, not of the run's own.")
@click.option("--baseline", type=click.Path(path_type=Path), metavar="FILE", help="Known failures, not the run's own.")
@click.option(
    "--write-baseline", type=click.Path(path_type=Path), metavar="FILE", help="Write the failures there, to fill in."
)
def command(results: Path, proxy: str | None, baseline: Path | None, write_baseline: Path | None) -> int:
    """Judge the facts in RESULTS (a run.jsonl, or its directory) anew: its files and exit code follow.

    Nothing is probed again. Useful after a proxy's declaration has changed, and on a run that was killed: exit code 3,
    or 1 if a MUST failed. A run file that is not as it was written, or a file of its evidence, is refused with exit
    code 4.
    """
    from rich.console import Console

    from svcproof import declare
    from svcproof.declare import baselines
    from svcproof.declare.catalogue import catalogue
    from svcproof.errors import UsageError, gathered
    from svcproof.report import files, first_baseline, runfile
    from svcproof.report.evidence import refuse_changed_files
    from svcproof.report.summary import render

    run = runfile.load(results)
    directory = runfile.directory_of(results)
    refuse_changed_files(run, directory)
    problems = list[str]()
    # A run of a few behaviours does not make the others unknown.
    known = (*run.behaviours, *catalogue(declare.suites_dir())) if proxy or baseline else ()
    if proxy:
        with gathered(problems):
            run = run.claiming(declare.proxy(proxy, {behaviour.id for behaviour in known}))
    if baseline:
        with gathered(problems):
            run = run.knowing(baselines.baseline(baseline, known))
    if write_baseline:
        with gathered(problems):
            baselines.refuse_existing(write_baseline)
    if problems:
        raise UsageError(problems)
    verdicts = run.verdicts()
    files.write(directory, run, verdicts)
    Console(highlight=False).print(render(run, verdicts, directory), soft_wrap=True)
    if write_baseline:
        say(first_baseline.write(write_baseline, run, verdicts))
    return run.exit_code(verdicts)
