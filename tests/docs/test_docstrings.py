"""Docstrings begin with the thing they are about, as CONTRIBUTING.md has it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
RIDDLE = re.compile(r"(What|Where|Who|Whom|Whose|How|Whether|Why|Which|When|Is|Are|Says)\b")
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def riddles(path: Path) -> Iterator[str]:
    """Docstrings of a file, also of attributes, that begin with a question."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, DOCUMENTED):
            for statement in node.body:
                text = statement.value if isinstance(statement, ast.Expr) else None
                if isinstance(text, ast.Constant) and isinstance(text.value, str) and RIDDLE.match(text.value):
                    yield f"{path}:{text.lineno}: {text.value.splitlines()[0]}"


def test_no_docstring_of_the_harness_begins_with_a_question() -> None:
    files = sorted((ROOT / "harness").rglob("*.py"))

    assert len(files) > 100
    assert [riddle for path in files for riddle in riddles(path)] == []


def test_a_question_would_be_seen(tmp_path: Path) -> None:
    file = tmp_path / "riddle.py"
    file.write_text('PORT = 1\n"""What it listens on."""\n\n\ndef close() -> None:\n    """Close the port."""\n')

    assert list(riddles(file)) == [f"{file}:2: What it listens on."]
