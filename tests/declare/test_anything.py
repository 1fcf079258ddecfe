"""Whatever a file holds, it is refused with its place or becomes a spec; nothing else is raised."""

import copy
import re
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from svcproof import declare
from svcproof.declare import manifests
from svcproof.errors import UsageError

LOADERS = {"clusters": declare.cluster, "proxies": declare.proxy}
SOUND = {
    kind: [yaml.safe_load((declare.fixtures_dir() / kind / f"{name}.yaml").read_text()) for name in declare.names(kind)]
    for kind in LOADERS
}
WORDS = st.sampled_from(["10.0.0.0/8", "::/0", "0.0.0.0/0", "10.0.0.1", "1-2", "ipv6", "{node}", "{x}", "", "a/b"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
PLACED = re.compile(r":\d+:\d+: ")


def problems(kind: str, content: str) -> tuple[str, ...]:
    """What is said against a file of this content; nothing where it becomes a spec."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "mine.yaml"
        path.write_text(content, encoding="utf-8")
        try:
            LOADERS[kind](str(path))
        except UsageError as refused:
            return tuple(line.removeprefix(str(path)) for line in refused.problems)
        return ()


def ways(value: Any) -> list[tuple[Any, ...]]:
    """The way to every part of a document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(key, *rest) for key, inner in items for rest in [(), *ways(inner)]]


@pytest.mark.parametrize("kind", LOADERS)
@settings(deadline=None)
@given(data=st.data())
def test_a_declaration_with_some_parts_replaced(kind: str, data: st.DataObject) -> None:
    changed = copy.deepcopy(data.draw(st.sampled_from(SOUND[kind])))
    for _ in range(data.draw(st.integers(1, 3))):
        *above, last = data.draw(st.sampled_from(ways(changed)))
        part = changed
        for key in above:
            part = part[key]
        part[last] = data.draw(VALUES)

    said = problems(kind, yaml.safe_dump(changed, allow_unicode=True))

    assert all(PLACED.match(line) for line in said)


@pytest.mark.parametrize("kind", LOADERS)
@settings(deadline=None)
@given(content=st.text(st.characters(codec="utf-8"), max_size=60) | st.text("{}[]:,-&*!|>'\"# \nab", max_size=40))
def test_any_text_is_refused(kind: str, content: str) -> None:
    assert problems(kind, content)


TOKENS = st.sampled_from(
    [
        "a: ", "&a ", "*a", "<<: ", "- ", "[", "]", "{", "}", ", ", "\n", "\n  ", "? ", ": ", "!!set ", "!!str ", "!x ",
        "---\n", "...\n", "2001-99-99", "1:30", "010", ".nan", "-.inf", "9" * 400, "yes", "~", '"\\0"', '"\\ud800"',
        "'", '"', "|\n", ">-\n", "\t", "\ufeff", "\u0085", "\u2028", "%YAML 1.1\n", "provider: ", "nodes: ",
        "install: ", "command: ", "values: ", "config: ",
    ]
)  # fmt: skip
"""What YAML is made of, and what it is known for."""


@pytest.mark.parametrize("kind", LOADERS)
@settings(deadline=2000)
@given(tokens=st.lists(TOKENS, max_size=40))
def test_what_looks_like_yaml_is_refused_or_read_at_once(kind: str, tokens: list[str]) -> None:
    assert all(len(line) < 1000 and line.isprintable() for line in problems(kind, "".join(tokens)))


@settings(deadline=2000)
@given(
    tokens=st.lists(
        TOKENS | st.sampled_from(["kind: List\n", "items: ", "apiVersion: v1\n", "metadata: "]), max_size=40
    )
)
def test_manifests_of_any_text_are_refused_or_read_at_once(tokens: list[str]) -> None:
    with TemporaryDirectory() as folder, suppress(UsageError):
        path = Path(folder) / "all.yaml"
        path.write_text("".join(tokens), encoding="utf-8")

        assert all(one["kind"] for one in manifests.read(path))
