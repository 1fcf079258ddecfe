"""The page reads what svcproof reads, and refuses what svcproof refuses, at the same line."""

import gzip
import json
import re
from dataclasses import replace
from hashlib import sha256

import pytest

from svcproof.errors import UsageError
from svcproof.model.run import INTERRUPTED
from svcproof.report import runfile
from tests.pages.recorded import END, recorded_run
from tests.pages.scripts import read, write

pytestmark = pytest.mark.browser
SEAL = re.compile(rb', "digest": "[0-9a-f]{64}"}\n')


@pytest.fixture
def functions(open_page, tmp_path):
    return open_page(write(tmp_path / "functions.html"))


@pytest.fixture
def run(tmp_path):
    """A run of three behaviours, as it is in its file."""
    whole = recorded_run()
    return runfile.store(replace(whole, behaviours=whole.behaviours[:3], facts=whole.facts[:3]), tmp_path / "kept")


@pytest.fixture
def content(run, tmp_path):
    return (tmp_path / "kept" / "run.jsonl").read_bytes()


def sealed(lines):
    """A run file of these objects, sealed anew as by somebody who knows how."""
    digest, text = sha256(), b""
    for line in lines:
        body = json.dumps({key: value for key, value in line.items() if key != "digest"}).encode()
        digest.update(body + b"\n")
        text += body[:-1] + f', "digest": "{digest.hexdigest()}"}}\n'.encode()
    return text


def test_a_run_is_read_as_svcproof_reads_it(functions, run, content):
    got = read(functions, content)

    assert got["ids"] == [behaviour.id for behaviour in run.behaviours]
    assert (got["complete"], got["why"], got["digest"]) == (True, "completed", run.digest)
    judged = [(each["id"], each["expected"], each["observed"], each["reason"]) for each in got["judged"]]
    assert judged == [
        (each.id, each.expected, each.observed, each.reason) for each in run.judged(run.verdicts()).judgements
    ]


def test_a_packed_run_file_is_unpacked(functions, content, run):
    assert read(functions, gzip.compress(content))["digest"] == run.digest


def test_a_run_that_was_interrupted_is_read_and_not_complete(functions, run, tmp_path):
    other = runfile.store(replace(run, finished=replace(END, why=INTERRUPTED)), tmp_path / "interrupted")

    got = read(functions, (tmp_path / "interrupted" / "run.jsonl").read_bytes())

    assert (got["complete"], got["why"], got["digest"]) == (False, "interrupted", other.digest)
    assert {each["observed"] for each in got["judged"]} == {"fail"}


@pytest.mark.parametrize("torn", [b"", b'{"kind": "fact", "id": "half'])
def test_a_run_that_was_cut_off_says_of_nothing_how_it_went(functions, content, torn):
    lines = content.splitlines(keepends=True)[:-2]

    got = read(functions, b"".join(lines) + torn)

    assert not got["complete"]
    assert "no last line" in got["why"]
    assert {each["observed"] for each in got["judged"]} == {"not run"}
    assert all("svcproof report DIR" in each["reason"] for each in got["judged"])


def edits(content):
    lines = content.splitlines(keepends=True)
    for number, line in enumerate(lines):
        if number < len(lines) - 1:
            yield f"line {number + 1} taken out", [*lines[:number], *lines[number + 1 :]]
        yield f"line {number + 1} doubled", [*lines[: number + 1], *lines[number:]]
        for at in (0, 20, len(line) // 2, len(line) - 40, len(line) - 2):
            other = line[:at] + bytes([line[at] ^ 1]) + line[at + 1 :]
            yield f"line {number + 1} changed at {at}", [*lines[:number], other, *lines[number + 1 :]]


def test_whatever_is_edited_is_refused_at_the_line_at_which_svcproof_refuses_it(functions, content, tmp_path):
    edited = list(edits(content))
    place = tmp_path / "edited.jsonl"

    for how, lines in edited:
        place.write_bytes(b"".join(lines))
        with pytest.raises(UsageError) as refused:
            runfile.load(place)
        number = re.search(r"edited\.jsonl:(\d+):", str(refused.value))
        got = read(functions, place.read_bytes())
        assert number, str(refused.value)
        assert got.get("refused", "").startswith(f"line {number[1]} "), (how, got, str(refused.value))
    assert len(edited) > 50


def changed(number, **fields):
    return lambda lines: [{**line, **fields} if at == number else line for at, line in enumerate(lines)]


def all_passed(lines):
    """The lines with every judgement a pass, and every fact a refutation."""
    passes = [{**judgement, "observed": "pass"} for judgement in lines[-2]["judgements"]]
    facts = [{**line, "finding": "refuted"} if line["kind"] == "fact" else line for line in lines[:-2]]
    return [*facts, {**lines[-2], "judgements": passes}, lines[-1]]


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (
            changed(0, format=1),
            "line 1 is not a line of a svcproof run: it is of format 1, and this page reads format 2",
        ),
        (changed(0, format="<b>"), 'it is of format "<b>"'),
        (
            changed(0, nonsense=1),
            'line 1 is not a line of a svcproof run: it has a key "nonsense" that this page does not know',
        ),
        (changed(0, repeat="3"), "repeat should be integer"),
        (changed(1, kind="rumour"), 'its kind is "rumour", which is none of run, selection'),
        (changed(1, behaviours=7), "behaviours should be array"),
        (changed(1, behaviours=[]), "which it did not select"),
        (changed(3, finding="maybe"), "finding is none of confirmed"),
        (changed(3, events=[{"at": 0, "step": 0, "probe": {}}]), r"events[0].probe lacks vantage"),
        (
            lambda lines: [lines[1], lines[0], *lines[2:]],
            "line 1 of a run file is of kind run, and this one is of kind selection",
        ),
        (
            lambda lines: [*lines[:3], lines[1], *lines[3:]],
            "line 4 is not a line of a svcproof run: a second line of kind selection",
        ),
        (lambda lines: [*lines, lines[3]], "it follows the last line of the run"),
        (lambda lines: [*lines[:-1], lines[-2], lines[-1]], "a second line of kind judged"),
        (lambda lines: [*lines[:-1], lines[3], lines[-1]], "only the last line of a run follows its judgements"),
        (all_passed, "as pass, and its facts do not show that"),
        (lambda lines: [*lines[:3], *lines[4:]], "counts other lines than the"),
    ],
)
def test_what_is_sealed_anew_and_does_not_fit_is_refused(functions, content, edit, said):
    lines = [json.loads(line) for line in content.splitlines()]

    refused = read(functions, sealed(edit(lines))).get("refused", "it was read")

    assert said in refused


def test_judgements_must_be_of_what_was_selected(functions, content):
    lines = [json.loads(line) for line in content.splitlines()]
    judged = next(line for line in lines if line["kind"] == "judged")
    gone = judged["judgements"].pop()

    assert f"selects {gone['id']}, and does not judge it" in read(functions, sealed(lines))["refused"]

    judged["judgements"] += [gone, gone]

    assert f"names {gone['id']} twice" in read(functions, sealed(lines))["refused"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it is empty"),
        (b'{"kind": "run", "form', "it is no run file: its first line is cut short"),
        (b"<html><script>alert(1)</script>\n", "it is not JSON: <html><script>alert(1)</script>"),
        (b"[1]\n", "it is not a JSON object"),
        (b"null\n", "it is not a JSON object"),
        (b"{}\n", "its kind is undefined"),
        (b"\xef\xbb\xbf{}\n", "it is not JSON"),
        (b"\xff\xfe\n", "it is not UTF-8"),
        (b"\x1f\x8b\x08\x00 no gzip", "cannot be unpacked"),
        (b"x" * 400 + b"\n", "it is not JSON: " + "x" * 60 + " ..."),
        (b" " * (4 << 20) + b"{}\n", "it is longer than 4 MB"),
    ],
)
def test_what_is_no_run_file_is_refused_with_the_reason(functions, content, said):
    assert said in read(functions, content)["refused"]


def test_the_seal_is_that_of_sha_256(functions):
    sizes = [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000]

    digests = functions.evaluate(
        """sizes => sizes.map((size) => {
            const hash = sha256();
            hash.update(new Uint8Array(size).fill(97));
            return hash.digest();
        })""",
        sizes,
    )

    assert digests == [sha256(b"a" * size).hexdigest() for size in sizes]
