"""Run files that are dropped onto a page become columns as svcproof judges them; what is none is refused with words."""

import gzip
import json

import pytest

from svcproof.model.judgement import judged
from svcproof.model.matrix import matrix
from svcproof.model.run import KEY
from svcproof.printable import one_line
from svcproof.report import runfile
from tests.pages.reading import await_columns, marks, panel_text
from tests.synthetic.runs import KINDS, run, runs, stored

pytestmark = pytest.mark.browser

CHOOSER = "#drop input[type=file]"
NEEDED_BY_THE_PAGE_ALONE = "a judgement taken out and sealed anew"
"""svcproof judges by facts, and does without a line of judgements."""


@pytest.fixture(scope="module")
def others(tmp_path_factory):
    """Run files of other runs of the same behaviours."""
    folder = tmp_path_factory.mktemp("others")
    stored(runs(200, 12, seed=9), folder)
    return sorted(folder.glob("*/run.jsonl"))


@pytest.fixture
def page(open_page, make):
    return open_page(make(runs(200, 1)).file)


def refusal(page, name, content):
    page.locator(CHOOSER).set_input_files({"name": name, "mimeType": "application/jsonl", "buffer": content})
    page.locator("#refused li").wait_for()
    return page.inner_text("#refused")


def resealed(lines):
    """Lines as a run file has them, sealed anew: what their maker would have to do to hide a change."""
    from hashlib import sha256

    digest, sealed = sha256(), []
    for line in lines:
        text = json.dumps({key: value for key, value in line.items() if key != "digest"}, ensure_ascii=False)
        digest.update(text.encode() + b"\n")
        sealed.append(f'{text[:-1]}, "digest": "{digest.hexdigest()}"}}\n'.encode())
    return b"".join(sealed)


@pytest.mark.timeout(300)
def test_every_cell_of_600_behaviours_in_12_dropped_files_is_as_svcproof_judges_them_anew(open_page, make, tmp_path):
    stored(runs(600, 12, seed=9), tmp_path)
    others = sorted(tmp_path.glob("*/run.jsonl"))
    page = open_page(make(runs(600, 1)).file)

    page.locator(CHOOSER).set_input_files(others)
    await_columns(page, 13)

    shown = marks(page)
    for loaded in map(runfile.load, others):
        again = judged(loaded.verdicts(), loaded.header.proxy.claims, loaded.releases)
        told = {one_line(each.id): (each.expected, each.observed) for each in again.judgements}
        column = {behaviour: mark for (behaviour, key), mark in shown.items() if key == loaded.digest[:KEY]}
        if loaded.finished:
            assert {behaviour: column[behaviour] for behaviour in told} == told
        else:
            assert {observed for _, observed in column.values()} == {"not run"}
        assert all(column[behaviour][1] == "no run" for behaviour in column.keys() - told.keys())
    assert page.locator("#refused li").count() == 0


def test_dropped_runs_have_numbers_groups_and_names_like_those_of_the_page(open_page, make, others):
    """A page made of both runs, and one to which the second was added, say the same."""
    both = {"first": runfile.load(others[0]), "second": runfile.load(others[1])}
    whole = open_page(make(both).file)
    page = open_page(make({"first": both["first"]}).file)

    page.locator(CHOOSER).set_input_files(others[1])
    await_columns(page, 2)

    numbers = r"(rows) => rows.map((row) => row.innerText.split(/\s+/).join(' '))"
    for selector in ("#promises tbody tr", "#matrix .group", "#matrix tr.about"):
        assert page.locator(selector).evaluate_all(numbers) == whole.locator(selector).evaluate_all(numbers)
    assert marks(page) == marks(whole)


def test_a_file_dragged_onto_the_page_is_added(page, others):
    text = others[2].read_text()
    drop = """([name, text]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], name));
      const event = new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true });
      document.getElementById("matrix").dispatchEvent(event);
    }"""

    page.evaluate(drop, ["run.jsonl", text])
    await_columns(page, 2)
    page.locator("td[data-observed=fail] > button").last.click()

    assert "Expected" in panel_text(page)


def test_a_gzipped_file_is_read(page, others):
    packed = {"name": "run.jsonl.gz", "mimeType": "application/gzip", "buffer": gzip.compress(others[1].read_bytes())}

    page.locator(CHOOSER).set_input_files(packed)

    await_columns(page, 2)


def test_two_runs_of_one_name_are_two_columns_of_two_names(page, others):
    page.locator(CHOOSER).set_input_files(others[0])
    await_columns(page, 2)

    assert page.locator("#matrix thead th[data-run] a").all_inner_texts() == ["reference", "reference (2)"]


def test_the_same_run_twice_is_one_column(page, others):
    page.locator(CHOOSER).set_input_files(others[0])
    await_columns(page, 2)

    assert "here already" in refusal(page, "again.jsonl", others[0].read_bytes())
    assert page.locator("#matrix thead th[data-run]").count() == 2


def broken():
    def edited(lines, kind, change):
        number = next(number for number, line in enumerate(lines) if line["kind"] == kind)
        changed = json.loads(json.dumps(lines[number]))
        change(changed)
        return [*lines[:number], changed, *lines[number + 1 :]]

    def joined(lines):
        return b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines)

    def without_row(judged):
        judged["judgements"].pop()

    def better(judged):
        judged["judgements"][0]["observed"] = "pass" if judged["judgements"][0]["observed"] != "pass" else "fail"

    def no_row(lines):
        first = next(number for number, line in enumerate(lines) if line["kind"] == "fact")
        return [*lines[:first], *lines[first + 1 :]]

    return {
        "empty": lambda raw, lines: b"",
        "no JSON": lambda raw, lines: b"hello\n",
        "another JSON": lambda raw, lines: b'{"a": 1}\n',
        "an image": lambda raw, lines: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 10,
        "markup": lambda raw, lines: b"<script>alert(1)</script>\n",
        "format 1": lambda raw, lines: raw.replace(b'"format": 2', b'"format": 1', 1),
        "format 99": lambda raw, lines: raw.replace(b'"format": 2', b'"format": 99', 1),
        "torn gzip": lambda raw, lines: gzip.compress(raw)[:-2000],
        "a judgement edited": lambda raw, lines: joined(edited(lines, "judged", better)),
        "a judgement taken out": lambda raw, lines: joined(edited(lines, "judged", without_row)),
        NEEDED_BY_THE_PAGE_ALONE: lambda raw, lines: resealed(edited(lines, "judged", without_row)),
        "a row taken out": lambda raw, lines: joined(no_row(lines)),
        "a row taken out and sealed anew": lambda raw, lines: resealed(no_row(lines)),
        "two lines swapped": lambda raw, lines: joined([*lines[:3], lines[4], lines[3], *lines[5:]]),
        "something after its end": lambda raw, lines: raw + raw.splitlines(keepends=True)[2],
        "a word that is no observation": lambda raw, lines: resealed(
            edited(lines, "judged", lambda line: line["judgements"][0].update(observed="perfect"))
        ),
        "a key too many": lambda raw, lines: resealed(edited(lines, "run", lambda line: line.update(extra=1))),
        "deeply nested": lambda raw, lines: b"[" * 100_000 + b"\n",
        "NUL bytes": lambda raw, lines: b"\0" * 5000,
    }


@pytest.mark.parametrize("name", broken())
def test_what_is_no_run_file_as_it_was_written_is_refused_with_words_and_changes_nothing(page, others, name):
    raw = others[0].read_bytes()
    content = broken()[name](raw, [json.loads(line) for line in raw.splitlines()])
    before = page.inner_text("#matrix thead")

    words = refusal(page, "run <b>of</b> mine.jsonl", content)

    assert words.startswith("run <b>of</b> mine.jsonl is not shown: ")
    assert len(words) > len("run <b>of</b> mine.jsonl is not shown: ") + 10
    assert not {"undefined", "[object", "TypeError", "null"} & set(words.split())
    assert page.inner_text("#matrix thead") == before


@pytest.mark.parametrize("name", sorted(broken().keys() - {NEEDED_BY_THE_PAGE_ALONE}))
def test_svcproof_refuses_what_the_page_refuses(others, tmp_path, name):
    from svcproof.errors import UsageError

    raw = others[0].read_bytes()
    (file := tmp_path / "run.jsonl").write_bytes(broken()[name](raw, [json.loads(line) for line in raw.splitlines()]))

    with pytest.raises(UsageError):
        runfile.load(file)


def test_a_file_that_was_cut_off_is_a_run_that_is_not_complete(page, others):
    raw = others[0].read_bytes()

    page.locator(CHOOSER).set_input_files({"name": "cut.jsonl", "mimeType": "", "buffer": raw[: len(raw) // 2]})
    await_columns(page, 2)

    assert page.locator("#matrix thead th[data-run]").last.inner_text().endswith("not complete")
    assert set(page.locator("#promises tbody tr td:last-child").all_inner_texts()) <= {"incomplete", "none"}


def test_a_run_of_other_behaviours_adds_rows(page, tmp_path):
    from tests.synthetic.behaviours import behaviours

    other = run(KINDS[2], behaviours(230)[180:], 3)
    kept = stored({"other": other}, tmp_path)["other"]

    page.locator(CHOOSER).set_input_files(tmp_path / "00/run.jsonl")
    await_columns(page, 2)

    expected = matrix({"reference": run(KINDS[0], behaviours(200), 1), "other": kept})
    assert {behaviour for behaviour, _ in marks(page)} == {one_line(row.behaviour.id) for row in expected.rows}
    assert page.inner_text("#count") == "230 rows"
