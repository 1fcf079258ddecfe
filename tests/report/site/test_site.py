"""A site made of run files, claims and known issues: what is on it, and that nothing in them leads out of it."""

import gzip
import html
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import PurePosixPath
from urllib.parse import quote, unquote
from xml.etree import ElementTree as ET

import pytest

from svcproof.errors import UsageError
from svcproof.model.claim import Project
from svcproof.model.fact import Finding
from svcproof.model.known_issue import KnownIssue
from svcproof.report import runfile
from svcproof.report.claim.made import claim_of
from svcproof.report.claim.text import text_of
from svcproof.report.site import pages
from svcproof.report.site.value import site

HOSTILE = "../../x\"'><script>alert(1)</script>\N{RIGHT-TO-LEFT OVERRIDE}\N{GRINNING FACE}" + "y" * 300
URL = "https://example.org/1"
PROJECT = Project(organisation="Us", name="Mine", version="1.2.3", url="https://example.org/", contact="me@example.org")


def without(facts, name):
    """The facts, with one behaviour refuted."""
    return tuple(
        replace(fact, finding=Finding.REFUTED, reason="no answer") if fact.id == name else fact for fact in facts
    )


def links_of(text):
    """The addresses in a page that lead to other files, and the ids in it."""
    found = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attributes):
            found.extend(value for name, value in attributes if name in {"href", "src"} and value)

    Reader().feed(text)
    return [link for link in found if not re.match(r"https?://|#", link)]


def test_every_page_is_there_and_every_link_leads_to_one(publish, made, every_kind):
    publish("a")
    publish("b", proxy="yours", facts=without(every_kind.facts, "passes"))
    files = made(KnownIssue(behaviour="fails", target="kubernetes", url=URL))

    assert {"index.html", "compare.html", "faq.html", "feed.xml", "data/index.json", "b/fails.html"} <= set(files)
    assert {"p/mine.html", "p/yours.html", "badge/mine.json", "badge/yours.svg"} <= set(files)
    for path, content in files.items():
        for link in links_of(content.decode()) if path.endswith(".html") else ():
            target = PurePosixPath(path).parent / unquote(link.partition("#")[0])
            parts = [part for part in target.parts if part != ".."] if ".." in target.parts else target.parts
            resolved = PurePosixPath(*parts[1:]) if ".." in target.parts else target
            assert str(resolved) in files, (path, link)


def test_the_same_files_give_the_same_bytes(publish, made):
    publish("b", version="1.2.4")
    publish("a")

    assert made() == made()


def test_a_run_file_is_there_as_it_was_written(publish, made, tmp_path):
    place = publish("a")
    packed = publish("b", proxy="yours")
    (packed / "run.jsonl.gz").write_bytes(gzip.compress((packed / "run.jsonl").read_bytes(), mtime=7))
    (packed / "run.jsonl").unlink()
    run = runfile.load(place)

    files = made()
    assert gzip.decompress(files[f"runs/{run.digest}.jsonl.gz"]) == (place / "run.jsonl").read_bytes()
    for path, content in files.items():
        if path.startswith("runs/"):
            (tmp_path / "again.gz").write_bytes(content)
            assert f"runs/{runfile.load(tmp_path / 'again.gz').digest}.jsonl.gz" == path


def test_versions_of_a_proxy_are_a_trend_and_a_regression_is_in_the_feed(publish, made, every_kind):
    publish("new", version="1.10.0", started="2026-03-01T00:00:00.000+00:00", facts=without(every_kind.facts, "passes"))
    publish("old", version="1.9.0", started="2026-02-01T00:00:00.000+00:00")
    files = made()
    page, feed = files["p/mine.html"].decode(), ET.fromstring(files["feed.xml"])
    entries = feed.findall("{*}entry")

    assert page.index("mine 1.9.0</a>") < page.index("mine 1.10.0</a>")
    assert "no longer hold (1)" in page
    assert [entry.findtext("{*}title") for entry in entries] == [
        "mine 1.10.0: 1 behaviour held in mine 1.9.0, and no longer"
    ]
    assert entries[0].findtext("{*}summary") == "1: passes"
    assert feed.findtext("{*}updated") == "2026-03-01T00:00:00.000+00:00"


def test_the_comparison_has_the_newest_runs_of_the_newest_suite_and_the_others_are_behind_a_link(publish, made):
    publish("older", started="2026-01-01T00:00:00.000+00:00")
    publish("newer", started="2026-02-01T00:00:00.000+00:00")
    publish("other_suite", proxy="yours", svcproof="0.0.9")
    files = made()
    columns = {column["name"]: column["aligned"] for column in json.loads(files["data/index.json"])["columns"]}

    assert columns == {"mine 1.2.3": False, "mine 1.2.3 (2)": True, "yours 1.2.3": False}
    assert "all.html" in files
    assert b"yours 1.2.3" not in files["compare.html"]
    assert b"yours 1.2.3" in files["all.html"]


def test_a_run_of_a_part_has_no_total_and_does_not_stand_for_its_proxy(publish, made, every_kind, tmp_path):
    publish("whole", started="2026-01-01T00:00:00.000+00:00")
    header = replace(every_kind.header, faults=(), id="part", started="2026-02-01T00:00:00.000+00:00")
    header = replace(header, proxy=header.proxy.model_copy(update={"version": "1.2.3"}))
    part = replace(every_kind, header=header, behaviours=every_kind.behaviours[1:2], finished=None)
    runfile.store(part, tmp_path / "collected" / "part")
    columns = {column["name"]: column for column in json.loads(made()["data/index.json"])["columns"]}

    assert columns["mine 1.2.3"]["core"] == [1, 6]
    assert columns["mine 1.2.3"]["aligned"]
    assert (columns["mine 1.2.3 (2)"]["core"], columns["mine 1.2.3 (2)"]["extent"]) == (None, "partial")
    assert not columns["mine 1.2.3 (2)"]["aligned"]


def test_a_claim_is_shown_as_what_it_is(publish, made, every_kind):
    place = publish("a")
    text = text_of(claim_of(runfile.load(place), every_kind.behaviours, PROJECT, ""))
    (place / "claim.yaml").write_text(text)
    holds = made()
    (place / "claim.yaml").write_text(text.replace("failed: 1", "failed: 0"))
    edited = made()
    (place / "claim.yaml").write_text("claim: [")
    unreadable = made()

    assert b"The claim holds" in holds["p/mine.html"]
    assert json.loads(holds["data/index.json"])["columns"][0]["claim"] == "holds"
    for files, why in ((edited, b"failed: is 0, and the run file shows 1"), (unreadable, b"<li>claim.yaml:")):
        assert b"The claim does not hold" in files["p/mine.html"]
        assert why in files["p/mine.html"]
        assert b"does not hold" in files["index.html"]
        assert json.loads(files["data/index.json"])["columns"][0]["claim"] == "does not hold"


def test_hostile_names_are_text_and_no_path_leads_out(publish, made, every_kind, tmp_path):
    publish("a", proxy=HOSTILE, version="")
    spec = every_kind.header.proxy.model_copy(update={"name": ".."})
    other = replace(every_kind.behaviours[0], id=HOSTILE, requirement=HOSTILE, spec="javascript:alert(1)")
    run = replace(every_kind, header=replace(every_kind.header, proxy=spec, id="b"), behaviours=(other,), facts=())
    runfile.store(run, tmp_path / "collected" / "b")
    files = made()

    for path, content in files.items():
        assert re.fullmatch(r"([a-z]+/)?[A-Za-z0-9_-][A-Za-z0-9_.-]*", path), path
        assert len(path) < 120
        if path.endswith(".html"):
            assert b"<script>alert" not in content, path
            assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in content.decode()
            assert b'href="javascript:' not in content, path
    assert len([path for path in files if path.startswith("p/")]) == 2


def test_known_issues_are_beside_what_each_run_has_seen(publish, made):
    publish("a")
    files = made(
        KnownIssue(behaviour="fails", target="proxy", proxy="mine", url=URL),
        KnownIssue(behaviour="is_weak", target="suite", url=URL),
    )

    assert f'href="{URL}">proxy issue</a>'.encode() in files["b/fails.html"]
    assert b"The check is wrong" in files["b/is_weak.html"]
    assert b"data-withdrawn" in files["b/is_weak.html"]
    assert f'href="{URL}">proxy issue</a>'.encode() in files["compare.html"]


def test_everything_that_speaks_against_the_runs_is_told_at_once(publish, collected, tmp_path):
    publish("a")
    folder = tmp_path / "collected"
    (folder / "empty").mkdir()
    (folder / "same").mkdir()
    (folder / "same" / "run.jsonl").write_bytes((folder / "a" / "run.jsonl").read_bytes())
    (folder / "cut").mkdir()
    (folder / "cut" / "run.jsonl").write_bytes(b"{")
    (folder / ".git").mkdir()

    with pytest.raises(UsageError) as refused:
        collected()
    assert [problem.removeprefix(f"{folder}/") for problem in refused.value.problems] == [
        "cut/run.jsonl is not a run file: its first line is cut short",
        "empty has no run file: it is to have a run.jsonl or a run.jsonl.gz, or is to be removed",
        "a and same have the same run file: remove one of them",
    ]


@pytest.mark.parametrize("name", ["nowhere", "collected"])
def test_a_folder_without_runs_is_refused(collected, tmp_path, name):
    (tmp_path / name).mkdir(exist_ok=True) if name == "collected" else None
    with pytest.raises(UsageError):
        collected()


def test_a_badge_can_be_copied_where_the_address_of_the_site_is_known(publish, collected):
    publish("a", proxy="a b & c")
    made = site(collected(), ())

    known, unknown = pages.files(made, "https://example.org/s/"), pages.files(made)

    path = next(path for path in known if path.startswith("p/"))
    assert b'id="badge"' not in unknown[path]
    text = html.unescape(known[path].decode())
    name = path.removeprefix("p/").removesuffix(".html")
    picture, page = f"https://example.org/s/badge/{name}.svg", f"https://example.org/s/p/{name}.html"
    assert f">[![Services]({picture})]({page})\n" in text
    assert f".. image:: {picture}\n   :target: {page}\n   :alt: Services\n" in text
    assert f"image:{picture}[Services,link={page}]" in text
    assert quote(f"https://example.org/s/badge/{name}.json", safe="") in text
