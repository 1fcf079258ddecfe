"""Every way to edit a run file by a line is refused by all that reads runs, with the number of a line."""

import json
import random
import re
from dataclasses import replace
from hashlib import sha256
from importlib.metadata import version
from itertools import combinations

import pytest
from click.testing import CliRunner

from svcproof.cli import main
from svcproof.errors import UsageError
from svcproof.model.run import COMPLETED, Finished, Started
from svcproof.report import rerun, runfile

END = Finished(at="2026-01-02T03:05:05+00:00", seconds=60.5)
SEAL = re.compile(rb', "digest": "[0-9a-f]{64}"}')


def lines_of(run, place):
    started = tuple(Started(id=fact.id, at="2026-01-02T03:04:06+00:00") for fact in run.facts)
    runfile.store(replace(run, started=started, versions={"kernel": "6.1"}, finished=END), place)
    return (place / "run.jsonl").read_bytes().splitlines(keepends=True)


@pytest.fixture
def lines(tmp_path, every_kind):
    """The lines of a run that completed."""
    return lines_of(every_kind, tmp_path / "one")


@pytest.fixture
def others(tmp_path, every_kind):
    """The lines of another run of the same behaviours."""
    return lines_of(replace(every_kind, header=replace(every_kind.header, id="other")), tmp_path / "other")


def removed(lines, _):
    for number in range(len(lines) - 1):
        yield f"line {number + 1} taken out", [*lines[:number], *lines[number + 1 :]]


def doubled(lines, _):
    for number in range(len(lines)):
        yield f"line {number + 1} doubled", [*lines[: number + 1], *lines[number:]]


def swapped(lines, _):
    for first, second in combinations(range(len(lines)), 2):
        content = list(lines)
        content[first], content[second] = lines[second], lines[first]
        yield f"lines {first + 1} and {second + 1} swapped", content


def changed(lines, _):
    for number, line in enumerate(lines):
        for at in random.Random(number).sample(range(len(line) - 1), 12):
            other = line[:at] + bytes([line[at] ^ 1]) + line[at + 1 :]
            yield f"byte {at + 1} of line {number + 1} changed", [*lines[:number], other, *lines[number + 1 :]]


def longer(lines, _):
    for number, line in enumerate(lines):
        for more in (
            line[:-1] + b" \n",
            line[:-1] + b"\r\n",
            b" " + line,
            b"\n" + line,
            line.replace(b": ", b":  ", 1),
        ):
            yield f"line {number + 1} as {more[:20]!r}", [*lines[:number], more, *lines[number + 1 :]]


def of_another_run(lines, others):
    for number, other in enumerate(others):
        yield f"line {number + 1} of another run at the end", [*lines, other]
        yield f"line {number + 1} of another run before the last", [*lines[:-1], other, lines[-1]]
        if number:
            yield f"line {number + 1} of another run in its place", [*lines[:number], other, *lines[number + 1 :]]


def concatenated(lines, others):
    yield "two runs", lines + others
    yield "the same run twice", lines + lines
    yield "two runs, the first without its end", lines[:-1] + others


def recounted(lines, _):
    counts = json.loads(lines[-1])["lines"]
    for kind, count in counts.items():
        other = lines[-1].replace(f'"{kind}": {count}'.encode(), f'"{kind}": {count + 1}'.encode())
        yield f"another number of lines of kind {kind}", [*lines[:-1], other]
        yield f"another number of lines of kind {kind}, sealed anew", sealed([*lines[:-1], other])


def sealed(lines):
    """The lines with seals that hold, as anybody can make them who wants to."""
    digest, content = sha256(), []
    for line in lines:
        bare = SEAL.sub(b"}", line)
        digest.update(bare)
        content.append(bare[:-2] + f', "digest": "{digest.hexdigest()}"}}\n'.encode())
    return content


EDITS = (removed, doubled, swapped, changed, longer, of_another_run, concatenated, recounted)


@pytest.mark.parametrize("edits", EDITS, ids=lambda edits: edits.__name__)
def test_an_edited_run_is_refused_in_a_line_with_the_number_of_its_first_line_that_is_not_as_written(
    tmp_path, lines, others, edits
):
    path, number_of_edits = tmp_path / "run.jsonl", 0

    for edit, content in edits(lines, others):
        number_of_edits += 1
        path.write_bytes(b"".join(content))
        with pytest.raises(UsageError) as refused:
            runfile.load(path)
        written = b"".join(content).splitlines(keepends=True)
        first = next((n for n, line in enumerate(written) if n >= len(lines) or line != lines[n]), len(lines))
        said = re.match(r".*/run\.jsonl:(\d+): not a line of a svcproof run: .+", str(refused.value))
        assert said, edit
        assert "\n" not in str(refused.value), edit
        assert int(said[1]) == first + 1, edit

    assert number_of_edits


def test_the_head_of_another_run_shows_in_the_line_after_it(tmp_path, lines, others):
    (tmp_path / "run.jsonl").write_bytes(b"".join([others[0], *lines[1:]]))

    with pytest.raises(UsageError, match=r"run\.jsonl:2: .*its digest does not fit"):
        runfile.load(tmp_path)


def reversed_outcome(lines):
    (fails,) = [number for number, line in enumerate(lines) if b'"id": "fails"' in line and b'"fact"' in line]
    return [*lines[:fails], lines[fails].replace(b'"refuted"', b'"confirmed"'), *lines[fails + 1 :]]


def judged_otherwise(lines, observed):
    line = json.loads(lines[-2])
    for judgement in line["judgements"]:
        if judgement["id"] == "fails":
            judgement["observed"] = observed
    return [*lines[:-2], json.dumps(line, ensure_ascii=False).encode() + b"\n", lines[-1]]


def test_a_whole_file_that_is_sealed_anew_cannot_be_told_from_one_that_a_run_wrote(tmp_path, lines):
    (tmp_path / "run.jsonl").write_bytes(b"".join(sealed(judged_otherwise(reversed_outcome(lines), "pass"))))

    run = runfile.load(tmp_path)

    assert run.why == COMPLETED
    assert {verdict.behaviour.id: verdict.ruling for verdict in run.verdicts()}["fails"] == "pass"
    assert sealed(lines) == lines


def as_of(lines, version):
    head = json.loads(lines[0])
    head["svcproof"] = version
    return [json.dumps(head, ensure_ascii=False).encode() + b"\n", *lines[1:]]


@pytest.mark.parametrize(
    "edit", [reversed_outcome, lambda lines: judged_otherwise(lines, "pass")], ids=["fact", "judgement"]
)
def test_judgements_that_do_not_follow_from_the_facts_are_refused_in_a_run_of_this_svcproof(tmp_path, lines, edit):
    (tmp_path / "run.jsonl").write_bytes(b"".join(sealed(as_of(edit(lines), version("svcproof")))))

    with pytest.raises(UsageError, match="judgements is not what follows from its facts, for fails: "):
        runfile.load(tmp_path)


def test_another_svcproof_may_judge_otherwise(tmp_path, lines):
    (tmp_path / "run.jsonl").write_bytes(b"".join(sealed(as_of(judged_otherwise(lines, "pass"), "0.0.1"))))

    assert {verdict.behaviour.id: verdict.ruling for verdict in runfile.load(tmp_path).verdicts()}["fails"] == "fail"


def test_a_second_line_of_judgements_and_a_fact_after_them_are_refused(tmp_path, lines):
    fact = next(line for line in lines if b'"kind": "fact"' in line)
    for extra, said in ((lines[-2], "a second line of kind judged"), (fact, "only the last line of a run follows")):
        (tmp_path / "run.jsonl").write_bytes(b"".join(sealed([*lines[:-1], extra, lines[-1]])))
        with pytest.raises(UsageError, match=said):
            runfile.load(tmp_path)


def test_a_time_that_is_none_and_a_behaviour_that_is_selected_twice_are_refused_together(tmp_path, lines):
    head, selection = json.loads(lines[0]), json.loads(lines[1])
    head["started"] = "2026-13-45"
    selection["behaviours"].append(selection["behaviours"][0])
    changed = [json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in (head, selection)]
    (tmp_path / "run.jsonl").write_bytes(b"".join(sealed([*changed, *lines[2:]])))

    with pytest.raises(UsageError, match=r"no time in ISO 8601\n.* more than once"):
        runfile.load(tmp_path)


@pytest.mark.parametrize("reader", ["recheck", "merge", "rerun"])
@pytest.mark.parametrize("edits", [removed, doubled, concatenated], ids=lambda edits: edits.__name__)
def test_what_reads_runs_refuses_an_edited_one_with_exit_code_4(tmp_path, lines, others, reader, edits):
    _, content = next(edits(lines, others))
    place = tmp_path / "edited"
    place.mkdir()
    (place / "run.jsonl").write_bytes(b"".join(content))
    words = {
        "recheck": ["recheck", str(place)],
        "merge": ["merge", str(place), "--results", str(tmp_path / "whole")],
        "rerun": ["run", "--rerun-failed", str(place)],
    }[reader]

    result = CliRunner().invoke(main, words)

    assert result.exit_code == 4
    assert re.search(r"run\.jsonl:\d+: not a line of a svcproof run", result.stderr), result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "whole").exists()


def test_a_run_without_its_end_is_read_as_one_that_did_not_complete(tmp_path, lines):
    (tmp_path / "run.jsonl").write_bytes(b"".join(lines[:-1]))

    assert "the run was killed, or the file cut off" in runfile.load(tmp_path).why
    assert "the run was killed, or the file cut off" in rerun.load(tmp_path).run.why
    for words in (["recheck", str(tmp_path)], ["recheck", str(tmp_path / "run.jsonl")]):
        result = CliRunner().invoke(main, words)
        assert result.exit_code == 1
        assert "not complete: the run file has no last line" in result.output
        assert "9 behaviours selected, 8 of them checked" in result.output
        assert "completed" not in result.output
        assert 'name="the run completes"' in (tmp_path / "junit.xml").read_text()
