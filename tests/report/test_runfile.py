import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import UsageError
from harness.model.fact import Fact, Finding
from harness.model.run import Finished, Run, Started, Versions
from harness.report import runfile


def written(path, run, *more):
    writer = runfile.Writer(path)
    for line in (run.header, *run.behaviours, *run.started, *run.facts, *more):
        writer.write(line)
    writer.close()
    return path


def test_what_is_loaded_is_what_was_written(tmp_path, every_kind):
    end = Finished(at="2026-01-02T03:05:05+00:00", seconds=60.5)
    began = Started(id="passes", at="2026-01-02T03:04:06+00:00", worker="gw0")
    path = written(tmp_path / "run.jsonl", every_kind, Versions(of={"kernel": "6.1"}), began, end)

    loaded = runfile.load(path)

    assert (loaded.header, loaded.behaviours) == (every_kind.header, every_kind.behaviours)
    assert (loaded.versions, loaded.started, loaded.finished) == ({"kernel": "6.1"}, (began,), end)
    assert loaded.facts[0] == replace(every_kind.facts[0], digest=loaded.facts[0].digest)
    assert [one.ruling for one in loaded.verdicts()] == [one.ruling for one in every_kind.verdicts()]


def test_the_same_run_gives_the_same_bytes(tmp_path, every_kind):
    first, second = (written(tmp_path / name, every_kind).read_bytes() for name in ("first", "second"))

    assert first == second
    assert b'"capabilities": ["exec", "two-nodes"]' in first


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_last_line_cut_short_by_a_kill_is_left_out(tmp_path, every_kind, cut):
    path = written(tmp_path / "run.jsonl", every_kind)
    path.write_bytes(path.read_bytes()[:-cut])

    assert len(runfile.load(path).facts) == len(every_kind.facts) - 1


def test_a_cut_in_the_middle_of_a_character_does_no_harm(tmp_path, every_kind):
    run = replace(every_kind, facts=(Fact(id="passes", finding=Finding.CONFIRMED, record="é"),))
    path = written(tmp_path / "run.jsonl", run)
    content = path.read_bytes()
    path.write_bytes(content[: content.rindex("é".encode()) + 1])

    assert runfile.load(path).facts == ()


def test_a_broken_line_before_the_last_is_refused_with_its_number(tmp_path, every_kind):
    path = written(tmp_path / "run.jsonl", every_kind)
    lines = path.read_text().splitlines()
    lines[3] = lines[3][:20]
    path.write_text("\n".join(lines) + "\n")

    with pytest.raises(UsageError, match=r"run\.jsonl:4: not a line of a run file"):
        runfile.load(path)


def test_an_edited_fact_is_refused(tmp_path, every_kind):
    path = written(tmp_path / "run.jsonl", every_kind)
    path.write_text(path.read_text().replace('"finding": "refuted"', '"finding": "confirmed"'))

    with pytest.raises(UsageError, match="fact about fails is not as it was written"):
        runfile.load(path)


def test_a_run_file_of_another_format_is_refused(tmp_path, every_kind):
    path = written(tmp_path / "run.jsonl", every_kind)
    path.write_text(path.read_text().replace('"format": 1', '"format": 2'))

    with pytest.raises(UsageError, match="run file of format 2; this svcproof reads format 1"):
        runfile.load(path)


@pytest.mark.parametrize("content", ["", '{"kind": "versions", "of": {}}\n'])
def test_what_has_no_header_is_no_run_file(tmp_path, content):
    (tmp_path / "run.jsonl").write_text(content)

    with pytest.raises(UsageError, match="is not a run file"):
        runfile.load(tmp_path)


@pytest.mark.parametrize("content", ["[]\n", "12\n", '{"kind": "surprise"}\n', '{"kind": "fact"}\n', "\n"])
def test_a_line_that_is_none_of_ours_is_refused(tmp_path, content):
    (tmp_path / "run.jsonl").write_text(content)

    with pytest.raises(UsageError, match=r"run\.jsonl:1"):
        runfile.load(tmp_path)


def test_a_missing_run_file_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match=r"cannot read the run file .*No such file"):
        runfile.load(tmp_path / "nowhere.jsonl")


def test_facts_of_an_earlier_run_are_never_overwritten(tmp_path, every_kind):
    path = written(tmp_path / "run.jsonl", every_kind)

    with pytest.raises(UsageError, match="choose another --results"):
        runfile.Writer(path)


@given(st.text(st.characters(codec=None, categories=["Cs", "Cc", "Zl", "Zp", "Lu", "Cn"])))
def test_any_text_survives_as_one_strict_line_with_a_digest_that_holds(text):
    fact = Fact(id="passes", finding=Finding.BROKE, reason=text, observations=(text,), evidence={text: text})

    line = runfile.encode(replace(fact, digest=runfile.digest(fact)))
    again = runfile.ADAPTERS["fact"].validate_json(line.encode())

    assert "\n" not in line
    assert runfile.digest(again) == again.digest == json.loads(line)["digest"]


def test_a_check_in_flight_at_a_kill_was_not_reached(every_kind):
    killed = Run(
        header=every_kind.header,
        behaviours=every_kind.behaviours[:2],
        started=(Started(id="passes", at=""), Started(id="fails", at="")),
        facts=every_kind.facts[:1],
    )

    passed, in_flight = killed.verdicts()

    assert passed.ruling == "pass"
    assert (in_flight.ruling, in_flight.reason) == ("not run", "interrupted: the run ended in the middle of this check")
    assert killed.exit_code(killed.verdicts()) == 2
