"""`svcproof claim`: the summary of a run that a project publishes, made and checked."""

from pathlib import Path
from typing import Any

import click

from svcproof.cli import say
from svcproof.errors import UsageError
from svcproof.exit_code import ExitCode


@click.command(
    short_help="Make or check the claim of a project about a run.",
    epilog="Example: svcproof claim results/latest --about project.yaml > claim.yaml",
)
@click.argument("results", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--about", type=click.Path(path_type=Path), metavar="FILE", help="What the project says of itself.")
@click.option("--organisation", metavar="TEXT", help="The company, foundation or person behind the project.")
@click.option("--name", metavar="TEXT", help="The project's name [default: the title of the proxy's declaration].")
@click.option("--version", metavar="TEXT", help="The version that was run [default: the one that was found].")
@click.option("--url", metavar="URL", help="The project's address [default: the homepage of the declaration].")
@click.option("--contact", metavar="TEXT", help="The way to reach whoever answers for the claim.")
@click.option("--run-url", metavar="URL", help="The address at which the run file is published.")
@click.option("--signed", type=click.Choice(["ssh", "minisign", "cosign"]), help="The way in which it will be signed.")
@click.option("--check", "checked", type=click.Path(path_type=Path), metavar="FILE", help="Check this claim instead.")
@click.option(
    "--signers", type=click.Path(path_type=Path), metavar="FILE", help="With --check: keys, as ssh-keygen reads them."
)
def command(
    results: Path, about: Path | None, signed: str | None, checked: Path | None, signers: Path | None, **words: Any
) -> int:
    """Print the claim that the run in DIR supports, to be published beside its run file.

    With --check, compute a claim anew from the run file, print each thing in it that does not hold, and exit with 1 if
    there is one. The numbers are of the whole suite: a run of a part of it is called partial, and has none.
    """
    if checked:
        return check(checked, results, signers)
    if signers:
        raise UsageError("--signers is for --check: svcproof does not sign; see docs/publishing.md")
    say(made(results, about, signed or "", words).rstrip("\n"))
    return ExitCode.OK


def made(results: Path, about: Path | None, signed: str, words: dict[str, str | None]) -> str:
    """The text of a claim; raises UsageError where nothing can be claimed of the run, or something is not said."""
    from svcproof import declare
    from svcproof.declare import claims
    from svcproof.declare.catalogue import catalogue
    from svcproof.model.claim import About
    from svcproof.report import runfile
    from svcproof.report.claim.made import claim_of, told_by
    from svcproof.report.claim.objections import unfit
    from svcproof.report.claim.text import text_of
    from svcproof.report.evidence import refuse_changed_files

    run, behaviours = runfile.load(results), catalogue(declare.suites_dir())
    refuse_changed_files(run, runfile.directory_of(results))
    problems = [f"cannot claim anything of {results}: {reason}" for reason in unfit(run, behaviours, _version())]
    if problems:
        raise UsageError(problems)
    said = claims.about(about) if about else About()
    url = words.pop("run_url") or said.run_url
    project = claims.project(said.project, {name: word for name, word in words.items() if word}, told_by(run))
    return text_of(claim_of(run, behaviours, project, url, signed))


def check(file: Path, results: Path, signers: Path | None) -> int:
    """Print what does not hold in a claim; 1 if there is something."""
    from svcproof import declare
    from svcproof.declare import claims
    from svcproof.declare.catalogue import catalogue
    from svcproof.declare.document import Mistake
    from svcproof.report import runfile
    from svcproof.report.claim.objections import objections
    from svcproof.report.claim.signature import signature_of
    from svcproof.report.evidence import refuse_changed_files

    if not results.exists():
        raise UsageError(f"{results}: there is no such run file or directory")
    document, claim = claims.claim(file)
    try:
        run = runfile.load(results)
        refuse_changed_files(run, runfile.directory_of(results))
    except UsageError as error:  # A file that was changed is what somebody asks about here, and no wrong usage.
        lines = list(error.problems)
    else:
        found = objections(claim, run, catalogue(declare.suites_dir()), _version())
        lines = [document.line(Mistake(each.loc, each.what)) if each.loc else each.what for each in found]
    signature = signature_of(file, claim, signers)
    for line in [*lines, signature.sentence]:
        say(line)
    number = len(lines) + (not signature.is_sound)
    if number:
        say(f"{file} does not hold: {number} thing{'' if number == 1 else 's'} to object to")
        return ExitCode.FAILED
    say(f"{file} holds, by {results}; what it says of the project itself is not in the run file")
    return ExitCode.OK


def _version() -> str:
    from importlib.metadata import version

    return version("svcproof")
