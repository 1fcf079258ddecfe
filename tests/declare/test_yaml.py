"""YAML that no model sees: unreadable, unparsable, ambiguous."""

import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from svcproof.declare import cluster, proxy

Write = Callable[[str], str]
Problems = Callable[[Callable[[str], object], str], list[str]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ":1:1: is empty: a declaration maps keys to values"),
        ("- lab\n", ":1:1: is no mapping: a declaration maps keys to values"),
        ("hello\n", ":1:1: is no mapping: a declaration maps keys to values"),
        ("---\n---\n", ":1:1: is empty: a declaration maps keys to values"),
        ("provider: [lab\nnodes: 1\n", ":2:6: is not valid YAML: did not find expected ',' or ']'"),
        ("provider: lab\n\tnodes: 1\n", ":2:1: is not valid YAML: found a tab character"),
        ("provider: lab\n---\nprovider: lab\n", ":3:1: is another document: a declaration is a single one"),
        ("provider: !lab x\n", ":1:11: provider: the tag !lab is not read here"),
        ("nodes: &a [*a]\n", ":1:12: an alias must not hold itself"),
        ("[a, b]: c\n", ":1:1: a key must be a word"),
        (
            "dnsDomain: 2026-13-45\n",
            ":1:12: dnsDomain: 2026-13-45 looks like a date, and there is none: month must be in",
        ),
        ("outside: .nan\n", ":1:10: outside: .nan is not a finite number"),
        ("outside: -.inf\n", ":1:10: outside: -.inf is not a finite number"),
        (
            "outside: 1" + "0" * 30 + "\n",
            ":1:10: outside: 1000000000000000000000000000000 is a number of more than 64 bits",
        ),
        ("outside: 1" + "0" * 5000 + "\n", ":1:10: outside: 1" + "0" * 58 + "… is a number of 5001 characters"),
        ("outside: 010\n", ":1:10: outside: 010 is not read the same by all: write it in decimal digits"),
        ("outside: 0x10\n", ":1:10: outside: 0x10 is not read the same by all: write it in decimal digits"),
        ("outside: 1_0\n", ":1:10: outside: 1_0 is not read the same by all: write it in decimal digits"),
        ("outside: 1:30\n", ":1:10: outside: input should be a valid integer (got '1:30')"),
        (
            "outside: yes\n",
            ":1:10: outside: input should be a valid integer (got yes, which is true to YAML: quote it)",
        ),
        ("outside: ~\n", ":1:10: outside: input should be a valid integer (got ~, which is nothing to YAML"),
        ("on: 1\n", ":1:1: a key must be a word: 'on' is true or false to YAML; quote it"),
        ("1: 1\n", ":1:1: a key must be a word: '1' is a number to YAML; quote it"),
        ("~: 1\n", ":1:1: a key must be a word"),
        ("nodes: !!set {a}\n", ":1:8: nodes: the tag !!set is not read here"),
        ("nodes: !!python/object:os.system x\n", ":1:8: nodes: the tag !!python/object:os.system is not read here"),
        ("nodes: !!binary aGk=\n", ":1:8: nodes: the tag !!binary is not read here"),
        ("nodes: !!int x\n", ":1:8: nodes: 'x' is no number"),
        ("nodes: {<<: 5}\n", ":1:13: nodes.<<: merges mappings, and this is none"),
        ("nodes: *a\n", ":1:8: no anchor 'a' stands before its alias"),
        ('dnsDomain: "a\\0b"\n', r":1:12: dnsDomain: 'a\x00b' holds the character U+0000"),
        ('dnsDomain: "\\e[31m"\n', r":1:12: dnsDomain: '\x1b[31m' holds the character U+001B"),
        ("dnsDomain: a\x00b\n", ":1:13: is not valid YAML: the character U+0000 must not stand there"),
        ("? " + "k" * 5000 + "\n: 1\n", ":1:3: " + "k" * 59 + "…: unknown key"),
        ("dnsDomain: " + "x" * 5000 + "Y\n", ":1:12: dnsDomain: '" + "x" * 57 + "…' is no DNS domain"),
        ("nodes: " + "[" * 65 + "]" * 65, ":1:71: is nested more than 64 levels deep"),
        ("a: " + "[" * 100_000, ":1:1003: is not valid YAML: exceeded maximum nesting depth"),
        ("".join(f"{' ' * n}k:\n" for n in range(300)), ":65:65: is nested more than 64 levels deep"),
        ("nodes: [" + "1," * 30_000 + "]", ":1:8: holds more than 20,000 values"),
    ],
    ids=lambda value: value[:30],
)
@pytest.mark.timeout(20)
def test_what_cannot_be_read_is_told_with_its_place(problems: Problems, write: Write, text: str, said: str) -> None:
    began = time.monotonic()
    found = problems(cluster, write(text))

    assert time.monotonic() - began < 2
    assert [line for line in found if line.startswith(said)], found
    assert all(len(line) < 400 and line.isprintable() for line in found)


def aliases(line: str) -> str:
    """A document in which each of nine lines holds the one before nine times."""
    pairs = zip("abcdefghi", "bcdefghij", strict=True)
    return "a: &a {x: 1}\n" + "".join(
        line.format(new=new, old=f"*{old}", many=",".join([f"*{old}"] * 9)) for old, new in pairs
    )


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (aliases("{new}: &{new} [{many}]\n"), ":5:4: holds more than 20,000 values, its aliases written out"),
        (aliases("{new}: &{new} {{<<: [{many}]}}\n"), "holds more than 20,000 values, its aliases written out"),
        (aliases("{new}: &{new} " + "[" * 30 + "{old}" + "]" * 30 + "\n"), "is nested more than 64 levels deep"),
    ],
    ids=["lists", "merges", "levels"],
)
def test_aliases_of_aliases_are_counted_and_not_written_out(
    problems: Problems, write: Write, text: str, said: str
) -> None:
    began = time.monotonic()
    (found,) = problems(cluster, write(text))

    assert said in found
    assert time.monotonic() - began < 2


def test_a_merge_key_brings_what_is_not_there_and_its_places(problems: Problems, write: Write) -> None:
    text = "provider: kind\nnodes:\n- &n {name: control-plane, zone: one, zonee: x}\n- {<<: *n, name: worker}\n"

    assert problems(cluster, write(text)) == [
        ":3:39: nodes.0.zonee: unknown key (did you mean zone?)",
        ":3:39: nodes.1.zonee: unknown key (did you mean zone?)",
    ]


def test_more_mistakes_than_anybody_reads_are_counted(problems: Problems, write: Write) -> None:
    found = problems(cluster, write("provider: kind\nnodes:\n" + "- {name: 1}\n" * 3000))

    assert len(found) == 101
    assert found[-1] == "… and 2900 more mistakes"


def test_each_key_that_is_there_twice_is_told(problems: Problems, write: Write) -> None:
    found = problems(cluster, write("provider: lab\noutside: 1\noutside: 2\nnodes:\n  - {name: a, name: b}\n"))

    assert found[-2:] == [
        ":3:1: outside: the key is there twice, first in line 2",
        ":5:15: nodes.0.name: the key is there twice, first in line 5",
    ]


def test_a_file_that_is_not_there_is_told(problems: Problems, tmp_path: Path) -> None:
    assert problems(cluster, str(tmp_path / "none.yaml")) == [": cannot be read: No such file or directory"]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("linked", [False, True], ids=["itself", "a link to it"])
@pytest.mark.parametrize("load", [cluster, proxy])
@pytest.mark.parametrize("kind", ["a directory", "a pipe", "a socket", "a device"])
def test_what_is_no_regular_file_is_not_opened(
    problems: Problems, tmp_path: Path, load: Callable[[str], object], kind: str, linked: bool
) -> None:
    place = {"a device": Path("/dev/zero")}.get(kind, tmp_path / "it")
    if kind == "a directory":
        place.mkdir()
    elif kind == "a pipe":
        os.mkfifo(place)
    elif kind == "a socket":
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(str(place))
    path = tmp_path / "mine.yaml" if linked else place
    if linked:
        path.symlink_to(place)

    assert problems(load, str(path)) == [f": cannot be read: it is {kind}, and not a regular file"]


def test_a_link_to_itself_and_a_name_that_is_too_long_cannot_be_read(problems: Problems, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").symlink_to("mine.yaml")

    assert problems(cluster, str(tmp_path / "mine.yaml")) == [": cannot be read: Too many levels of symbolic links"]
    assert problems(cluster, "/" + "x" * 300) == [": cannot be read: File name too long"]
    assert problems(cluster, "/x\0y") == ["/x\\x00y: cannot be read: embedded null byte"]


@pytest.mark.parametrize("load", [cluster, proxy])
def test_a_file_that_is_too_large_is_not_read(problems: Problems, write: Write, load: Callable[[str], object]) -> None:
    assert problems(load, write("title: " + "x" * 2_000_000)) == [
        ": is of 2,000,007 bytes, and no more than 262,144 are read of such a file"
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a: b\nprovider: \xff\n", ":2:11: is not a text file in UTF-8: invalid start byte (byte 0xff)"),
        ("provider: lab\n".encode("utf-16"), ":1:1: is not a text file in UTF-8: it is in UTF-16; save it as UTF-8"),
        (b"provider: \xed\xa0\x80\n", ":1:11: is not a text file in UTF-8: invalid continuation byte (byte 0xed)"),
    ],
    ids=["bytes", "UTF-16", "a surrogate"],
)
def test_bytes_that_are_no_text_are_told(problems: Problems, tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_bytes(content)

    assert problems(cluster, str(path)) == [said]


def test_a_byte_order_mark_is_passed_over(problems: Problems, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_bytes(b"\xef\xbb\xbfprovider: labb\n")

    assert ":1:11: provider: 'labb' is unknown (did you mean lab?)" in problems(cluster, str(path))


def test_an_alias_stands_for_what_it_names(write: Write) -> None:
    spec = cluster(write("provider: kind\nnodes: [{name: control-plane, zone: &z one}, {name: worker, zone: *z}]\n"))

    assert [node.zone for node in spec.nodes] == ["one", "one"]
