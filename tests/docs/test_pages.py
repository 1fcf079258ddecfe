"""What the documentation says without running it is true: links, the catalogue, commands that no test can run."""

import re
import shlex
from dataclasses import fields
from itertools import pairwise
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from svcproof.cli import main
from svcproof.declare import suites_dir
from svcproof.declare.catalogue import catalogue
from svcproof.lab.apiserver.resources import catalogue as kinds
from svcproof.lab.apiserver.warnings import IDLE, plural_name
from svcproof.model.options import Options, name_of
from svcproof.providers.lab.faults import fault_problems
from tests.docs.page import unrun
from tests.docs.test_commands import PAGES, ROOT

LINK = re.compile(r"(?<!!)\[[^]]+\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
EVERY = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


@EVERY
def test_links_within_the_documentation_lead_somewhere(page: Path):
    wrong = []
    for link in LINK.findall(page.read_text()):
        path, _, anchor = link.partition("#")
        if ":" in path:
            continue
        target = page.parent / path if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            wrong.append(link)

    assert wrong == []


@EVERY
def test_commands_that_are_shown_and_not_run_exist(page: Path):
    wrong = [command for command in unrun(page) if not exists(command)]

    assert wrong == []


def test_the_catalogue_of_behaviours_is_current():
    listed = CliRunner().invoke(main, ["list", "--markdown"])

    assert listed.exit_code == 0
    current = (ROOT / "docs/behaviours.md").read_text()
    assert listed.output.splitlines() == current.splitlines(), "svcproof list --markdown > docs/behaviours.md"


def test_the_page_of_limits_is_current():
    listed = CliRunner().invoke(main, ["limits"])

    assert listed.exit_code == 0
    assert listed.output.splitlines() == (ROOT / "docs/limits.md").read_text().splitlines(), "svcproof limits"


def test_the_page_of_the_promise_is_current():
    printed = CliRunner().invoke(main, ["rules", "--markdown"])

    assert printed.exit_code == 0
    current = (ROOT / "docs/promise.md").read_text()
    assert printed.output.splitlines() == current.splitlines(), "svcproof rules --markdown > docs/promise.md"


def test_the_page_of_the_run_file_is_current():
    printed = CliRunner().invoke(main, ["schema", "run", "--markdown"])

    assert printed.exit_code == 0
    current = (ROOT / "docs/run-file.md").read_text()
    assert printed.output.splitlines() == current.splitlines(), "svcproof schema run --markdown > docs/run-file.md"


def test_the_kinds_that_nothing_acts_on_are_those_that_the_api_server_warns_of():
    listed = re.findall(r"^\| (\w+) \| (.+) \|$", (ROOT / "docs/api-server.md").read_text(), re.MULTILINE)
    idle = {plural_name(resource): IDLE[resource.type] for resource in kinds() if resource.type in IDLE}

    assert dict(listed) == {"kind": "what that means", **idle}


def test_behaviours_that_may_differ_between_clusters_exist():
    listed = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs/lab-and-kind.md").read_text(), re.MULTILINE)

    assert set(listed) <= {one.id for one in catalogue(suites_dir())}
    assert listed


def test_the_documented_exit_codes_are_those_of_the_help():
    told = CliRunner().invoke(main, ["run", "--help"]).output

    for page in ("README.md", "docs/verdicts.md"):
        rows = re.findall(r"^\| (\d) \|", (ROOT / page).read_text(), re.MULTILINE)
        assert sorted(rows) == sorted(
            set(re.findall(r"\b\d\b(?= (?:nothing|a MUST|interrupted|something|wrong))", told))
        )


@pytest.mark.parametrize("name", main.list_commands(click.Context(main)))
def test_the_example_of_a_commands_help_exists(name: str):
    told = CliRunner().invoke(main, [name, "--help"], terminal_width=1000).output

    assert exists(told.partition("Example: ")[2])


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings."""
    titles = (re.sub(r"[^\w\- ]", "", title.lower()) for title in HEADING.findall(page.read_text()))
    return {title.replace(" ", "-") for title in titles}


def exists(command: str) -> bool:
    """Whether each program of a line is one of the project's, with these options, or one of the system's."""
    return all(known(part.split()) for part in re.split(r" && | \| ", command.partition(" > ")[0]))


def known(words: list[str]) -> bool:
    match words:
        case ["make", target, *settings]:
            makefile = (ROOT / "Makefile").read_text()
            variables = [setting.partition("=")[0] for setting in settings]
            return f"\n{target}:" in makefile and all(f"\n{variable} ?=" in makefile for variable in variables)
        case ["svcproof", name, *rest]:
            return parses(name, rest)
        case ["pytest", *rest]:
            options = (ROOT / "harness/svcproof/plugin/options.py").read_text()
            common = {f"--svcproof-{name_of(one.name)}" for one in fields(Options)}
            ours = [word for word in rest if word.startswith("--svcproof")]
            return all(word in common or f'"{word}"' in options for word in ours)
        case ["tox", "-e", names]:
            return all(f"[testenv:{name}]" in (ROOT / "tox.ini").read_text() for name in names.split(","))
        case [script, *_] if script.startswith("scripts/"):
            return (ROOT / script).exists()
        case [("git" | "cd" | "sudo" | "jq" | "kubectl" | "export"), *_]:
            return True
    return False


def parses(name: str, words: list[str]) -> bool:
    """Whether a command of svcproof takes these arguments; nothing is run."""
    command = main.get_command(click.Context(main), name)
    if command is None:
        return False
    arguments = shlex.split(" ".join(words))
    if fault_problems([word for before, word in pairwise(arguments) if before == "--fault"]):
        return False
    if isinstance(command, click.Group):
        command = command.commands[arguments.pop(0)]
    try:
        command.make_context(name, arguments)
    except click.UsageError:
        return False
    return True
