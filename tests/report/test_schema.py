"""The published schema of a run file holds of what runs write, and is enough to read them."""

import gzip
import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from svcproof.model.run import Finished, Run
from svcproof.report import runfile
from svcproof.report.lines import KINDS, BadLine, Chain
from svcproof.report.schema import schema
from tests.report import reader
from tests.report.values import values

SCHEMA = json.loads(json.dumps(schema()))
VALIDATOR = Draft202012Validator(SCHEMA)
KEPT = Path(__file__).parent / "runs" / "cilium-1.20.2.jsonl.gz"
SVCPROOF = [sys.executable, "-c", "from svcproof.cli import main; main(prog_name='svcproof')"]


def problems(content):
    """The objections of the schema to the lines of a run file."""
    return [
        f"line {number}: {error.json_path}: {error.message[:300]}"
        for number, line in enumerate(content.splitlines(), 1)
        for error in VALIDATOR.iter_errors(json.loads(line))
    ]


def kinds_in(content):
    return {json.loads(line)["kind"] for line in content.splitlines()}


@pytest.fixture
def whole(tmp_path, every_kind):
    """The file of a run that completed."""
    finished = Finished(at="2026-01-02T03:05:05+00:00", seconds=60.5)
    runfile.store(replace(every_kind, versions={"kernel": "6.1"}, finished=finished), tmp_path)
    return tmp_path / "run.jsonl"


def test_it_is_a_schema_with_a_definition_for_each_kind_of_line():
    Draft202012Validator.check_schema(SCHEMA)

    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert {
        SCHEMA["$defs"][line["$ref"].rpartition("/")[2]]["properties"]["kind"]["const"] for line in SCHEMA["oneOf"]
    } == set(KINDS.values())


def test_every_key_is_described_by_itself_or_by_what_it_leads_to_or_by_what_has_it():
    def is_described(name, key, value):
        text = SCHEMA["$defs"][name]["description"]
        return "description" in value or f"`{key}`" in text or "$ref" in json.dumps(value)

    assert [
        f"{name}.{key}"
        for name, definition in SCHEMA["$defs"].items()
        for key, value in definition.get("properties", {}).items()
        if not is_described(name, key, value)
    ] == []


def test_every_key_that_a_line_may_lack_has_its_default():
    assert [
        f"{name}.{key}"
        for name, definition in SCHEMA["$defs"].items()
        for key, value in definition.get("properties", {}).items()
        if ("default" in value) == (key in definition["required"] if "required" in definition else False)
    ] == []


def test_it_holds_of_the_kept_run_of_a_real_cluster():
    content = gzip.decompress(KEPT.read_bytes())

    assert problems(content) == []
    assert kinds_in(content) == set(KINDS.values())


LINES = {kind: values(line) for line, kind in KINDS.items()}


@pytest.mark.timeout(60)
@settings(max_examples=25, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(
    LINES["run"],
    LINES["selection"],
    st.lists(LINES["versions"] | LINES["started"] | LINES["fact"], max_size=3),
    LINES["finished"],
)
def test_it_holds_of_every_line_that_can_be_written_and_what_is_written_is_read(header, selection, body, finished):
    writes, reads = Chain(), Chain()

    for line in (header, selection, *body, finished):
        text = writes.seal(line)
        assert problems(text) == []
        assert reads.check(text) == line


WRONG = {
    "a key that no line has": lambda line: line | {"surprise": 1},
    "a number in quotes": lambda line: line | {"seconds": "1"},
    "an unknown finding": lambda line: line | {"finding": "good"},
    "a key that must be there": lambda line: {key: value for key, value in line.items() if key != "id"},
    "a step of an unknown kind": lambda line: line | {"steps": [line["steps"][0] | {"kind": "wait"}]},
    "a key that no step has": lambda line: line | {"steps": [line["steps"][0] | {"surprise": 1}]},
    "null for a text": lambda line: line | {"reason": None},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_the_schema_refuses_the_reader_refuses_even_where_the_seals_hold(whole, wrong):
    chain, texts = Chain(), whole.read_bytes().splitlines(keepends=True)
    for text in texts[:3]:
        chain.check(text)
    number, line = next((n, json.loads(text)) for n, text in enumerate(texts) if b'"steps"' in text)
    assert number == 3
    line = {key: value for key, value in WRONG[wrong](line).items() if key != "digest"}
    content = json.dumps(line).encode()
    chain._digest.update(content + b"\n")
    sealed = content[:-1] + chain._ending() + b"\n"
    again = Chain()
    for text in texts[:3]:
        again.check(text)

    with pytest.raises(BadLine, match=r": |nested"):
        again.check(sealed)
    assert problems(sealed)


def test_a_reader_written_against_the_schema_alone_comes_to_the_same_verdicts(whole, tmp_path):
    (tmp_path / "kept.jsonl").write_bytes(gzip.decompress(KEPT.read_bytes()))

    for path in (whole, tmp_path / "kept.jsonl"):
        lines, complete = reader.read(SCHEMA, path.read_bytes())
        run = runfile.load(path)
        assert complete
        assert reader.counts(lines) == Counter(verdict.ruling.value for verdict in run.verdicts())
        assert all(line == reader._with_defaults(SCHEMA, {}, line) for line in lines)


def test_that_reader_imports_nothing_but_the_standard_library():
    names = re.findall(r"^(?:from|import) (\w+)", Path(reader.__file__).read_text(), re.MULTILINE)

    assert names
    assert set(names) <= sys.stdlib_module_names


def test_that_reader_finds_edits_and_runs_that_are_not_complete(whole):
    lines = whole.read_bytes().splitlines(keepends=True)

    assert not reader.read(SCHEMA, b"".join(lines[:-1]))[1]
    assert not reader.read(SCHEMA, b"".join(lines)[:-1])[1]
    for edited in (
        lines[1:],
        [*lines[:4], *lines[5:]],
        [*lines, lines[-1]],
        [lines[0].replace(b"lab", b"bal"), *lines[1:]],
    ):
        with pytest.raises(reader.Edited):
            reader.read(SCHEMA, b"".join(edited))


@pytest.mark.lab
@pytest.mark.programs
def test_it_holds_of_every_line_of_a_run_on_a_lab_on_which_some_checks_fail(tmp_path):
    words = [
        "run",
        "--area",
        "cluster_ip",
        "-k",
        "spreads or refuses or several",
        "--fault",
        "proxy/only-first-endpoint-used",
        "--results",
        str(tmp_path),
    ]

    ran = subprocess.run([*SVCPROOF, *words, "--workers", "2"], capture_output=True, text=True, timeout=110)

    assert ran.returncode == 1, ran.stderr
    content = (tmp_path / "run.jsonl").read_bytes()
    assert problems(content) == []
    assert kinds_in(content) == set(KINDS.values())
    lines, complete = reader.read(SCHEMA, content)
    run: Run = runfile.load(tmp_path)
    assert complete
    assert reader.counts(lines) == Counter(verdict.ruling.value for verdict in run.verdicts())
