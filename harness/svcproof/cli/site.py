"""`svcproof site`: a static site made of run files, claims and known issues."""

import os
from datetime import datetime
from pathlib import Path

import click

from svcproof.cli import say


@click.command(
    short_help="Make a site of run files and claims.",
    epilog="Example: svcproof site collected --out public",
)
@click.argument("directory", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="DIR", help="Directory for the site.")
@click.option(
    "--known-issues",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Issues to link from cells [default: known-issues.yaml in DIR, if it is there].",
)
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day by which badges are old [default: the day of the newest run].",
)
@click.option(
    "--url",
    default="",
    metavar="URL",
    help="The address at which the site will be: its pages show how to link a badge.",
)
def command(directory: Path, out: Path, known_issues: Path | None, today: datetime | None, url: str) -> None:
    """Make a site of the runs in DIR, which has a directory for each, with a run.jsonl or run.jsonl.gz.

    Nothing is asked of a network or a cluster, and the same files give the same site. A claim.yaml beside a
    run file is held against it and, where it does not hold, shown so with the reasons. The site is written whole or not
    at all.
    """
    from importlib.metadata import version

    from svcproof import declare
    from svcproof.cli.compare import issues_of
    from svcproof.declare.catalogue import catalogue
    from svcproof.errors import UsageError
    from svcproof.printable import quoted
    from svcproof.report.markdown import URL
    from svcproof.report.site import pages, sources, writing
    from svcproof.report.site.value import site

    if url and not URL.fullmatch(url):
        raise UsageError(f"--url {quoted(url)}: no address of the web, such as https://example.org/services/")
    writing.refuse(out, directory)
    read = sources.read(directory, catalogue(declare.suites_dir()), version("svcproof"))
    beside = directory / sources.KNOWN_ISSUES
    path = known_issues or (beside if os.path.lexists(beside) else None)
    issues = issues_of(path, [source.run for source in read]) if path else ()
    made = site(read, issues, today.date() if today else None)
    files = pages.files(made, f"{url.rstrip('/')}/" if url else "")
    writing.write(out, files)
    claims = [source for source in read if source.claim]
    counts = {"files": files, "runs": read, "claims": claims, "known issues": issues}
    say(f"{out}: " + ", ".join(f"{what} {len(counted)}" for what, counted in counts.items()))
    for source in claims:
        if source.claim and source.claim.objections:
            say(f"the claim of {source.folder} does not hold, and is shown so: {source.claim.objections[0]}")
