"""Whatever waits takes its seconds from a named limit: nowhere else in the harness is there a number for them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HARNESS = ROOT / "harness/svcproof"
OF_THEIR_OWN = (
    "agent/pod/",
    "kubernetes/cluster/outside/guest.py",
    "kubernetes/cluster/outside/reaching.py",
    "lab/apiserver/",
    "lab/client/",
    "lab/controllers/",
    "lab/dns/",
    "lab/kubelet/",
    "lab/loadbalancer/",
    "lab/process/programs.py",
    "reference_proxy/",
)
"""Programs and parts with times of their own: `svcproof.limits` says why."""
ALLOWED = {
    ("agent/vantage.py", "timeout=0.1"): "it makes the kernel ask for a neighbour, and waits for no answer",
    ("plugin/fixtures/controls.py", "timeout=0.5"): "a probe of its own number, of what stays silent",
}
NAME = re.compile(r"(^|_)(WITHIN|TIMEOUT|PATIENCE|SECONDS)$")
FILES = [path for path in sorted(HARNESS.rglob("*.py")) if not str(path.relative_to(HARNESS)).startswith(OF_THEIR_OWN)]


def test_no_wait_of_the_harness_has_a_number_of_its_own() -> None:
    found = {
        (str(path.relative_to(HARNESS)), number) for path in FILES for number in numbers(path, "within", "timeout")
    }

    assert found == set(ALLOWED)


def test_no_wait_of_the_suites_has_a_number_of_its_own() -> None:
    found = [(path.name, number) for path in sorted(ROOT.glob("suites/**/*.py")) for number in numbers(path, "within")]

    assert found == []


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("wait(within=3)", "within=3"),
        ("def wait(timeout: float = 2.5): ...", "timeout=2.5"),
        ("READY_WITHIN = 60.0", "READY_WITHIN=60.0"),
        ("LONG: float = 3", ""),
        ("wait(within=Judged.PROBE, timeout=0)", ""),
    ],
)
def test_numbers_are_noticed(tmp_path: Path, line: str, number: str) -> None:
    path = tmp_path / "module.py"
    path.write_text(line)

    assert list(numbers(path, "within", "timeout")) == ([number] if number else [])


def numbers(path: Path, *names: str) -> Iterator[str]:
    """The numbers of seconds that a file gives: as arguments, as their defaults, or under a name that says so."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.keyword) and node.arg in names:
            yield from written(node.arg, node.value)
        if isinstance(node, ast.arguments):
            arguments = [*node.posonlyargs, *node.args]
            values = [*zip(arguments[len(arguments) - len(node.defaults) :], node.defaults, strict=True)]
            for argument, value in [*values, *zip(node.kwonlyargs, node.kw_defaults, strict=True)]:
                if argument.arg in names:
                    yield from written(argument.arg, value)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and NAME.search(node.targets[0].id):
            yield from written(node.targets[0].id, node.value)


def written(name: str, value: ast.expr | None) -> Iterator[str]:
    if isinstance(value, ast.Constant) and isinstance(value.value, int | float) and value.value:
        yield f"{name}={value.value}"
