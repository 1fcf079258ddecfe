import re
from dataclasses import replace
from xml.dom import minidom
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcproof.model.evidence import Evidence
from svcproof.model.fact import Fact, Finding
from svcproof.model.run import INTERRUPTED, Finished, Run
from svcproof.printable import printable
from svcproof.report import junit

COMPLETED = Finished(at="2026-01-02T03:05:05+00:00", seconds=60.5)


def parsed(path, run):
    return ET.fromstring(junit.content(run, run.verdicts()))


def cases(root):
    return {case.get("name"): case for case in root.iter("testcase")}


def properties(case):
    return {one.get("name"): one.get("value") for one in case.iter("property")}


def test_each_ruling_becomes_what_ci_systems_know(tmp_path, every_kind):
    root = parsed(tmp_path / "junit.xml", replace(every_kind, finished=COMPLETED))

    outcomes = ("failure", "error", "skipped")
    elements = {name: [child.tag for child in case if child.tag in outcomes] for name, case in cases(root).items()}
    assert elements == {
        "passes": [],
        "fails": ["failure"],
        "is_weak": [],
        "is_open": [],
        "breaks": ["error"],
        "breaks_too": ["error"],
        "is_blocked": ["error"],
        "is_untestable": ["skipped"],
        "is_not_reached": ["skipped"],
    }
    suite = root.find("testsuite")
    assert {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped", "time")} == {
        "tests": "9",
        "failures": "1",
        "errors": "3",
        "skipped": "2",
        "time": "60.500",
    }


def test_a_testcase_names_the_enhancement_and_its_releases(tmp_path, header, behaviour):
    named = behaviour("is_later", kep=2086, since="1.26", binding="1.38")
    run = Run(header=header, behaviours=(named, behaviour("is_usual")), finished=COMPLETED)

    later, usual = map(properties, cases(parsed(tmp_path / "junit.xml", run)).values())

    assert {name: later[name] for name in ("kep", "since", "binding")} == {
        "kep": "2086",
        "since": "1.26",
        "binding": "1.38",
    }
    assert not {"kep", "since", "binding"} & usual.keys()


def test_a_testcase_says_what_is_claimed_where_and_what_came_of_it(tmp_path, every_kind):
    found = cases(parsed(tmp_path / "junit.xml", every_kind))

    assert properties(found["is_open"]) == {
        "level": "MAY",
        "by": "proxy",
        "spec": "https://example.org/service/#clause",
        "requirement": "A client sees that it is open.",
        "ruling": "recorded",
        "area": "cluster_ip",
        "reason": "dropped",
    }
    assert (found["fails"].get("classname"), found["passes"].get("time")) == ("suites.node_port", "0.250")
    assert found["fails"].find("failure").get("message") == "fail: every node was to answer"
    assert found["passes"].find("system-out").text.splitlines() == [
        "   0.100 s  eventually: every probe is answered (4.000 s)",
        "   0.100 s    3 x outside-1 -> tcp 172.30.0.11:30001: dropped, until 2.200 s",
    ]


def test_one_cause_of_many_errors_is_told_in_full_once(tmp_path, every_kind):
    found = cases(parsed(tmp_path / "junit.xml", every_kind))

    assert found["breaks"].find("error").text == "the proxy ended\\x1b[0m\nlast words"
    assert found["breaks_too"].find("error").text == "the same as for breaks"


def test_an_interrupted_run_has_an_error_of_its_own(tmp_path, every_kind):
    run = replace(every_kind, finished=Finished(at="", seconds=1.0, why=INTERRUPTED))
    found = cases(parsed(tmp_path / "junit.xml", run))

    assert found["the run completes"].find("error").get("message") == "interrupted"


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_run_whose_set_up_failed_is_well_formed(tmp_path, header, behaviour, every_kind, count):
    names = [f"never_{n}" for n in range(count)]
    run = replace(
        every_kind,
        behaviours=tuple(behaviour(name) for name in names),
        facts=tuple(Fact(id=name, finding=Finding.BROKE, reason="no cluster:\nlast words") for name in names),
        finished=COMPLETED,
    )

    root = parsed(tmp_path / "junit.xml", run)

    assert root.get("errors") == str(count)
    assert ET.tostring(root).count(b"last words</error>") == min(count, 1)


@given(st.text(st.characters(codec=None)))
def test_no_text_makes_it_ill_formed(text):
    written = ET.Element("failure", message=printable(text))
    written.text = printable(text)

    again = minidom.parseString(ET.tostring(written, encoding="utf-8")).documentElement

    assert again.getAttribute("message") == printable(text)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]", printable(text))


def test_no_two_testcases_have_one_name(tmp_path, every_kind, behaviour):
    names = ["a", "\x1b", r"\x1b", "a", "a (1)", "the run completes"]
    run = replace(every_kind, behaviours=tuple(behaviour(name) for name in names), facts=())

    told = [case.get("name") for case in parsed(tmp_path / "junit.xml", run).iter("testcase")]

    assert len(told) == len(set(told)) == len(names) + 1


def test_it_stays_below_what_is_read_of_it(every_kind, behaviour):
    behaviours = tuple(behaviour(f"fails_{number}") for number in range(600))
    long = "<" * 50_000 + "\n" + "x" * 50_000
    facts = tuple(
        Fact(id=each.id, finding=Finding.REFUTED, reason=f"{number}{long}", evidence=Evidence(excerpt=long))
        for number, each in enumerate(behaviours)
    )

    run = replace(every_kind, behaviours=behaviours, facts=facts, finished=COMPLETED)
    content = junit.content(run, run.verdicts())
    root = ET.fromstring(content)

    assert len(content) < 30_000_000
    assert root.get("failures") == "600"
    assert " characters are in run.jsonl ..." in next(root.iter("failure")).text
