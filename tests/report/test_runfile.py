import errno
import gzip
import json
import os
import re
import resource
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcproof.errors import ProvisionError, UsageError
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.event import Event, HarnessAction
from svcproof.model.evidence import Evidence
from svcproof.model.fact import Fact, Finding
from svcproof.model.proxy_spec import ProxySpec
from svcproof.model.run import COMPLETED, Finished, Selection, Started, Versions
from svcproof.report import begin, runfile
from svcproof.report.lines import LONGEST, LONGEST_FIRST, Chain

END = Finished(at="2026-01-02T03:05:05+00:00", seconds=60.5)


def written(path, run, *more):
    writer = runfile.Writer(path)
    for line in (run.header, Selection(behaviours=run.behaviours), *run.started, *run.facts, *more):
        writer.write(line)
    writer.close()
    return path


@pytest.fixture
def whole(tmp_path, every_kind):
    """The file of a run that completed."""
    started = tuple(Started(id=one.id, at="2026-01-02T03:04:06+00:00") for one in every_kind.facts)
    return written(tmp_path / "run.jsonl", replace(every_kind, started=started), END)


def test_what_is_loaded_is_what_was_written(tmp_path, every_kind):
    began = Started(id="passes", at="2026-01-02T03:04:06+00:00", worker="gw0")
    path = written(tmp_path / "run.jsonl", every_kind, Versions(of={"kernel": "6.1"}), began, END)

    loaded = runfile.load(path)

    assert (loaded.header, loaded.behaviours) == (every_kind.header, every_kind.behaviours)
    assert (loaded.versions, loaded.started, loaded.finished) == ({"kernel": "6.1"}, (began,), END)
    assert loaded.facts[0] == every_kind.facts[0]
    assert [one.ruling for one in loaded.verdicts()] == [one.ruling for one in every_kind.verdicts()]


def test_the_same_run_gives_the_same_bytes(tmp_path, every_kind):
    first, second = (written(tmp_path / name, every_kind).read_bytes() for name in ("first", "second"))

    assert first == second
    assert b'"capabilities": ["exec", "two-nodes"]' in first


def test_a_last_line_cut_short_by_a_kill_is_left_out_at_whichever_byte(tmp_path, every_kind):
    path = written(tmp_path / "run.jsonl", every_kind)
    content = path.read_bytes()

    for cut in range(1, len(content.splitlines()[-1]) + 1):
        path.write_bytes(content[:-cut])
        run = runfile.load(path)
        assert len(run.facts) == len(every_kind.facts) - 1
        assert "in the middle of line 10" in run.why


def test_a_cut_in_the_middle_of_a_character_does_no_harm(tmp_path, every_kind):
    run = replace(every_kind, facts=(Fact(id="passes", finding=Finding.CONFIRMED, record="é"),))
    path = written(tmp_path / "run.jsonl", run)
    content = path.read_bytes()
    path.write_bytes(content[: content.rindex("é".encode()) + 1])

    assert runfile.load(path).facts == ()


def test_a_broken_line_before_the_last_is_refused_with_its_number(whole):
    lines = whole.read_text().splitlines()
    lines[3] = lines[3][:20]
    whole.write_text("\n".join(lines) + "\n")

    with pytest.raises(UsageError, match=r"run\.jsonl:4: not a line of a svcproof run: its digest does not fit"):
        runfile.load(whole)


def test_a_run_without_its_last_lines_is_judged_as_one_that_did_not_complete(whole, every_kind):
    lines = whole.read_text().splitlines(keepends=True)

    for kept in range(1, len(lines)):
        whole.write_text("".join(lines[:kept]))
        run = runfile.load(whole)
        verdicts = run.verdicts()
        assert run.why != COMPLETED
        assert len(verdicts) == (len(every_kind.behaviours) if kept > 1 else 0)
        assert run.exit_code(verdicts) == (1 if any(one.ruling == "fail" for one in verdicts) else 3)


def test_the_line_in_which_a_file_is_cut_short_is_told(whole):
    whole.write_bytes(whole.read_bytes()[:-1])

    assert runfile.load(whole).why.endswith("the run was killed, or the file cut off, in the middle of line 19")


@pytest.mark.parametrize("more", ["{", "   ", '{"kind": "run"}', "\n", "{}\n"])
def test_nothing_may_follow_the_last_line_not_even_a_line_that_is_cut_short(whole, more):
    whole.write_text(whole.read_text() + more)

    with pytest.raises(UsageError, match=r"run\.jsonl:20: .*it follows the last line of the run"):
        runfile.load(whole)


def test_the_last_line_counts_those_before_it(whole, header):
    assert json.loads(whole.read_text().splitlines()[-1])["lines"] == {
        "run": 1,
        "selection": 1,
        "started": 8,
        "fact": 8,
    }

    chain = Chain()
    lines = [chain.seal(line) for line in (header, Selection(behaviours=()), END)]
    whole.write_bytes(b"".join(lines).replace(b'"selection": 1', b'"selection": 2'))
    with pytest.raises(UsageError, match=r"run\.jsonl:3: .*its digest does not fit"):
        runfile.load(whole)


@pytest.mark.parametrize(
    ("version", "remedy"),
    [("1", "run again, or judge it with svcproof 0.1"), ("3", "with the svcproof of the run"), ('"x"', "is of format")],
)
def test_a_run_file_of_another_format_is_refused_with_what_to_do(whole, version, remedy):
    whole.write_text(whole.read_text().replace('"format": 2', f'"format": {version}'))

    with pytest.raises(
        UsageError, match=r"run\.jsonl:1: .*it is of format .*, and this svcproof reads format 2"
    ) as told:
        runfile.load(whole)
    assert remedy in str(told.value)


BAD = {
    "of another program": b'{"level": "info", "msg": "started"}\n',
    "no object": b"[]\n",
    "a number": b"12\n",
    "a kind that is none": b'{"kind": "surprise"}\n',
    "a kind that is no word": b'{"kind": ["run"]}\n',
    "no header": b'{"kind": "versions", "of": {}}\n',
    "wrong types": b'{"kind": "run", "format": 2, "id": []}\n',
    "blank": b"\n",
    "not UTF-8": b'{"kind": "\xff"}\n',
    "UTF-16": '{"kind": "run"}\n'.encode("utf-16"),
    "NUL bytes": b"\0" * 100 + b"\n",
    "deep nesting": b"[" * 200_000 + b"\n",
    "a long number": b'{"kind": ' + b"9" * 5000 + b"}\n",
    "no JSON": b'{"kind": NaN}\n',
    "a key twice": b'{"kind": "run", "format": 1, "format": 2}\n',
    "a lone surrogate": b'{"kind": "\\ud800"}\n',
    "a JSON Schema": b'{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object"}\n',
    "many values": b"[" + b"{}," * (LONGEST_FIRST // 3 - 2) + b"{}]\n",
    "a long line": b'{"kind": "' + b"x" * (50 << 20) + b'"}\n',
    "a long line without end": b"x" * (50 << 20),
    "a long kind": b'{"kind": "' + b"x" * (LONGEST_FIRST >> 1) + b'"}\n',
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("content", BAD)
def test_what_is_no_run_file_is_refused_in_one_line_with_its_place(tmp_path, content):
    (tmp_path / "run.jsonl").write_bytes(BAD[content])

    with pytest.raises(UsageError, match=r"run\.jsonl:1: not a line of a svcproof run: ") as refused:
        runfile.load(tmp_path)
    assert len(str(refused.value).replace(str(tmp_path), "").splitlines()) == 1
    assert len(str(refused.value)) < 700


def test_no_more_of_a_file_is_held_than_a_line_may_have(tmp_path, whole):
    """Not even of one that begins as a run file, and goes on with what would be gigabytes of values."""
    bomb = b"[" + b"{}," * (LONGEST // 3 - 2) + b"{}]\n"
    (tmp_path / "bomb").write_bytes(whole.read_bytes().partition(b"\n")[0] + b"\n" + bomb)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(UsageError, match=r"bomb:2: .*its digest does not fit"):
        runfile.load(tmp_path / "bomb")

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 6 * (LONGEST >> 10)


def test_a_line_that_could_not_be_read_again_is_not_written(tmp_path, header):
    fact = Fact(id="passes", finding=Finding.BROKE, evidence=Evidence(excerpt="x" * LONGEST))
    path = tmp_path / "run.jsonl"
    writer = runfile.Writer(path)
    for line in (header, Selection(behaviours=())):
        writer.write(line)

    with pytest.raises(ProvisionError, match="cannot write results: the next line, of kind fact, would have 33,"):
        writer.write(fact)

    writer.write(END)
    writer.close()
    assert runfile.load(path).finished == END


@pytest.mark.parametrize("content", [b"", b'{"kind": "run"'])
def test_a_file_without_a_whole_line_is_no_run_file(tmp_path, content):
    (tmp_path / "run.jsonl").write_bytes(content)

    with pytest.raises(
        UsageError, match="is not a run file: its first line is cut short" if content else "it is empty"
    ):
        runfile.load(tmp_path)


@pytest.mark.timeout(20)
def test_what_is_no_file_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "folder/run.jsonl").mkdir(parents=True)

    for path in (tmp_path / "fifo", tmp_path / "folder"):
        with pytest.raises(UsageError, match="is not a run file: it is a directory or a device"):
            runfile.load(path)


def test_a_file_that_may_not_be_read_is_a_usage_error(tmp_path, monkeypatch):
    def deny(*_):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(type(tmp_path), "is_dir", deny)

    with pytest.raises(UsageError, match=r"cannot read the run file .*: Permission denied"):
        runfile.load(tmp_path)


def test_a_missing_run_file_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match=r"cannot read the run file .*No such file"):
        runfile.load(tmp_path / "nowhere.jsonl")


def test_facts_of_an_earlier_run_are_never_overwritten(tmp_path, every_kind):
    path = written(tmp_path / "run.jsonl", every_kind)

    with pytest.raises(UsageError, match="choose another --results"):
        runfile.Writer(path)


@given(st.text(st.characters(codec=None, categories=["Cs", "Cc", "Zl", "Zp", "Lu", "Cn"])))
def test_any_text_survives_as_one_strict_line_whose_seal_holds(text):
    writes, reads = Chain(), Chain()
    header = begin(ClusterSpec(name="lab", provider="lab"), ProxySpec(name="mine"))
    event = Event(at=0.0, step=0, harness=HarnessAction(action=text, on=text))
    fact = Fact(
        id="passes",
        finding=Finding.BROKE,
        reason=text,
        events=(event,),
        evidence=Evidence(excerpt=text, missing=(text,)),
    )

    lines = [writes.seal(line) for line in (header, Selection(behaviours=()), fact)]
    *_, last = (reads.check(line) for line in lines)

    kept = re.sub("[\ud800-\udfff]", lambda half: rf"\u{ord(half[0]):04x}", text)
    assert lines[-1].count(b"\n") == 1
    assert (last.reason, last.evidence) == (kept, Evidence(excerpt=kept, missing=(kept,)))
    assert last.events[0].what == HarnessAction(action=kept, on=kept)


def test_a_run_file_packed_by_gzip_is_read_as_it_was(whole):
    packed = whole.with_name("kept.jsonl.gz")
    packed.write_bytes(gzip.compress(whole.read_bytes()))

    assert runfile.load(packed) == runfile.load(whole)
    assert runfile.load(packed).digest == runfile.load(whole).digest


@pytest.mark.parametrize("cut", [20, -100, -4])
def test_a_packed_file_that_was_cut_is_a_usage_error(whole, cut):
    packed = whole.with_name("kept.jsonl.gz")
    packed.write_bytes(gzip.compress(whole.read_bytes())[:cut])

    with pytest.raises(UsageError, match=r"cannot read the run file .*kept\.jsonl\.gz: it is not as gzip packed it"):
        runfile.load(packed)
