"""YAML that no model sees: unreadable, unparsable, ambiguous."""

from collections.abc import Callable
from pathlib import Path

import pytest

from harness.declare import cluster

Write = Callable[[str], str]
Problems = Callable[[Callable[[str], object], str], list[str]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ":1:1: is empty: a declaration maps keys to values"),
        ("- lab\n", ":1:1: is no mapping: a declaration maps keys to values"),
        ("provider: [lab\nnodes: 1\n", ":2:6: is not valid YAML: did not find expected ',' or ']'"),
        ("provider: lab\n\tnodes: 1\n", ":2:1: is not valid YAML: found a tab character"),
        ("provider: lab\n---\nprovider: lab\n", ":2:1: is not valid YAML: but found another document"),
        ("provider: !lab x\n", ":1:11: is not valid YAML: could not determine a constructor for the tag '!lab'"),
        ("nodes: &a [*a]\n", ":1:8: an alias must not hold itself"),
        ("[a, b]: c\n", ":1:1: a key must be a word"),
        ("dnsDomain: 2026-13-45\n", ": is not valid YAML: month must be in 1..12"),
    ],
)
def test_what_does_not_parse_is_told_with_its_place(problems: Problems, write: Write, text: str, said: str) -> None:
    found = problems(cluster, write(text))

    assert len(found) == 1
    assert found[0].startswith(said)


def test_each_key_that_is_there_twice_is_told(problems: Problems, write: Write) -> None:
    found = problems(cluster, write("provider: lab\noutside: 1\noutside: 2\nnodes:\n  - {name: a, name: b}\n"))

    assert found == [
        ":3:1: outside: the key is there twice, first in line 2",
        ":5:15: nodes.0.name: the key is there twice, first in line 5",
    ]


def test_a_file_that_is_not_there_is_told(problems: Problems, tmp_path: Path) -> None:
    assert problems(cluster, str(tmp_path / "none.yaml")) == [": cannot be read: No such file or directory"]


def test_a_directory_is_no_declaration(problems: Problems, tmp_path: Path) -> None:
    assert problems(cluster, str(tmp_path)) == [": cannot be read: Is a directory"]


def test_bytes_that_are_no_text_are_told(problems: Problems, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_bytes(b"provider: \xff\n")

    assert problems(cluster, str(path)) == [": is not a text file in UTF-8: invalid start byte at byte 10"]


def test_an_alias_stands_for_what_it_names(write: Write) -> None:
    spec = cluster(write("provider: kind\nnodes: [{name: control-plane, zone: &z one}, {name: worker, zone: *z}]\n"))

    assert [node.zone for node in spec.nodes] == ["one", "one"]
