"""What docs/add-a-behaviour.md says a check can use is there."""

import ast
import re
from pathlib import Path

import pytest

from svcproof import authoring
from svcproof.agent.vantage import Vantage
from svcproof.kubernetes.sample.service import ServiceHandle
from svcproof.kubernetes.sample.workload import PodHandle, Workload
from svcproof.model.probe import Lookup, Seen
from svcproof.plugin import fixtures

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/add-a-behaviour.md").read_text()


def test_every_argument_is_a_fixture():
    there = {name for file in Path(*fixtures.__path__).glob("*.py") for name in fixtures_in(file)}

    told = {
        name
        for names in re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", PAGE, re.M)
        for name in names.strip("`").split("`, `")
    }

    assert told
    assert told <= there


@pytest.mark.parametrize(
    "thing", [Workload, PodHandle, ServiceHandle, Vantage, Seen, Lookup], ids=lambda thing: thing.__name__
)
def test_every_attribute_is_there(thing: type):
    paragraph = PAGE.partition(f"**{thing.__name__}**")[2].partition("\n\n")[0]

    told = set(re.findall(r"`\.(\w+)", paragraph))

    assert told
    assert told <= {*dir(thing), *thing.__annotations__}


def test_every_predicate_can_be_imported():
    section = PAGE.partition("## What is expected is said")[2].partition("\n## ")[0]
    table = "\n".join(line for line in section.splitlines() if line.startswith("|"))

    predicates = set(re.findall(r"`(\w+)", table))

    assert {"answered", "resolves_to", "counts"} <= predicates <= set(authoring.__all__)


def test_the_example_is_a_behaviour_of_the_suites():
    example = check(ast.parse(re.search(r"```python\n(.*?)```", PAGE, re.S)[1]))

    files = (ROOT / "suites").glob("*/test_*.py")
    found = [one for file in files if (one := check(ast.parse(file.read_text()), example.name))]

    assert [ast.dump(one) for one in found] == [ast.dump(example)]


def fixtures_in(file: Path) -> set[str]:
    functions = [node for node in ast.parse(file.read_text()).body if isinstance(node, ast.FunctionDef)]
    return {node.name for node in functions if any("pytest.fixture" in ast.unparse(one) for one in node.decorator_list)}


def check(module: ast.Module, name: str = "") -> ast.FunctionDef | None:
    """The function of this name, or the only one there is, without what decorates it."""
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and name in ("", node.name):
            node.decorator_list = []
            return node
    return None
