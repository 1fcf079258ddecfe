"""What checks wait for and assert has words: a report that says "expected: ..." is told what."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SUITES = Path(__file__).parents[2] / "suites"
PLACE_OF_PREDICATE = {"eventually": 1, "consistently": 1, "provisioned": 2}
OF_A_NAME = {"all_answered", "none_answered"}
WITH_WORDS = {"outcomes", "backends", "nodes", "sources", "ports", "errors", "records", "types"}
"""Attributes of Seen and Lookup."""
Function = ast.FunctionDef | ast.AsyncFunctionDef


def predicates(tree: ast.Module) -> Iterator[ast.expr]:
    """The predicates of the waits in a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            place = PLACE_OF_PREDICATE.get(node.func.id if isinstance(node.func, ast.Name) else "")
            yield from node.args[place : place + 1] if place else ()
            yield from (keyword.value for keyword in node.keywords if keyword.arg in ("until", "holds"))


def wordless(source: str) -> list[str]:
    """The predicates of a module that could not say what they expect."""
    tree = ast.parse(source)
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, Function)}

    def has_words(predicate: ast.expr) -> bool:
        match predicate:
            case ast.Name(id=name):
                return name != "bool" and (name not in functions or bool(ast.get_docstring(functions[name])))
            case ast.Call():
                return True
        return False

    return [ast.unparse(predicate) for predicate in predicates(tree) if not has_words(predicate)]


@pytest.mark.parametrize("path", sorted(SUITES.rglob("*.py")), ids=lambda path: str(path.relative_to(SUITES)))
def test_predicates_of_a_suite_have_words(path: Path) -> None:
    assert wordless(path.read_text()) == []


@pytest.mark.parametrize(
    "predicate",
    ["lambda seen: seen == 1", "bool", "places.__contains__", "nested"],
    ids=["lambda", "type", "method", "f"],
)
def test_a_predicate_without_words_is_noticed(predicate: str) -> None:
    source = f"def test():\n    def nested(seen):\n        return True\n    eventually(lambda: 1, {predicate})\n"

    assert wordless(source) == [predicate]


def test_a_predicate_with_words_passes() -> None:
    source = 'def ready(pod):\n    """It is ready."""\n\neventually(pod, ready)\neventually(pod, counts(2, "pods"))\n'

    assert wordless(source) == []


def speechless(source: str) -> list[str]:
    """The asserts of a module that have no message, and are about nothing that has words of its own."""

    def has_words(condition: ast.expr) -> bool:
        match condition:
            case ast.Attribute(value=ast.Name(), attr=attribute):
                return attribute in OF_A_NAME
            case ast.Compare(left=ast.Constant(), comparators=[ast.Attribute(attr=attribute)]):
                return attribute in WITH_WORDS
            case ast.Compare(left=ast.Attribute(attr=attribute), ops=[_]):
                return attribute in WITH_WORDS
        return False

    asserts = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Assert)]
    return [ast.unparse(node.test) for node in asserts if node.msg is None and not has_words(node.test)]


@pytest.mark.parametrize("path", sorted(SUITES.rglob("*.py")), ids=lambda path: str(path.relative_to(SUITES)))
def test_asserts_of_a_suite_have_words(path: Path) -> None:
    assert speechless(path.read_text()) == []


def test_an_assert_without_words_is_noticed() -> None:
    wordless = "assert client.tcp(target).all_answered\nassert variables == {}\nassert lookup.code == 'NXDOMAIN'\n"

    assert len(speechless(wordless)) == 3
    assert speechless("assert seen.all_answered\nassert seen.ports == {80}\nassert variables == {}, 'none'\n") == []
