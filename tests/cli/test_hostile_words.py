"""Words of the command line and names of files in messages: the terminal obeys none of them."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import svcproof.cli
from svcproof.cli import main

pytestmark = pytest.mark.programs

WORD = "\x1b[31mred\x1b[0m\u202e\udcff\x9b2J[bold][]\u2028\u200b\ufffe\t"
COMMANDS = (
    ["{}"],
    ["--{}"],
    ["list", "--{}"],
    ["list", "--area", "{}"],
    ["run", "{}"],
    ["run", "--cluster", "{}"],
    ["run", "--cluster", "./{}.yaml"],
    ["run", "--proxy", "{}"],
    ["run", "--fault", "{}"],
    ["run", "--shard", "{}"],
    ["run", "--repeat", "{}"],
    ["run", "-k", "{} ("],
    ["run", "--kubeconfig", "/nowhere/{}"],
    ["lab", "up", "--cluster", "{}"],
    ["recheck", "/nowhere/{}"],
    ["report", "/nowhere/{}"],
    ["run", "--baseline", "/nowhere/{}"],
    ["claim", "/nowhere/{}"],
    ["site", "/nowhere/{}", "--out", "/tmp/{}"],
    ["claim", "--check", "/nowhere/{}", "."],
    ["merge", "/nowhere/{}", "--results", "/nowhere/{}"],
    ["mutants", "--fault", "{}"],
    ["rbac", "--serviceaccount", "{}"],
    ["schema", "{}"],
    ["images", "--cluster", "{}"],
    ["kind", "up", "--cluster", "{}"],
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_words_are_printed_as_text_in_messages(command: list[str]) -> None:
    told = CliRunner().invoke(main, [part.format(WORD) for part in command])

    assert told.exit_code == 4, (told.output, told.exception)
    assert told.output.replace("\n", "").isprintable(), ascii(told.output)


@pytest.mark.parametrize("command", [["rbac", "--user"], ["job", "--image"], ["sonobuoy-plugin", "--image"]])
def test_words_are_data_in_yaml_or_refused(command: list[str]) -> None:
    import yaml

    for word in (WORD, "a: [b", "- x", "| >", "#", "!!str", "a\nb: c", "yes", "1e3"):
        told = CliRunner().invoke(main, [*command, word])

        assert told.exit_code in {0, 4}
        assert told.output.replace("\n", "").isprintable()
        assert told.exit_code or word in _strings(list(yaml.safe_load_all(told.output)))


def _strings(value: object) -> set[object]:
    if isinstance(value, dict):
        return set().union(*map(_strings, value.values()), value.keys())
    return set().union(*map(_strings, value)) if isinstance(value, list) else {value}


def test_every_text_goes_to_the_terminal_through_one_door() -> None:
    modules = [path for path in Path(svcproof.cli.__file__).parent.glob("*.py") if path.name != "__init__.py"]

    for path in modules:
        for printed in re.findall(r"(?:click\.echo|print)\((.*)", path.read_text()):
            # What programs read has a notation of its own; a report is made of escaped texts.
            assert re.match(r"json\.|yaml\.|as_json_text|render\(", printed), f"{path.name}: {printed}"
