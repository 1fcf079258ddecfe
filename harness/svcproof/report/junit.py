"""JUnit XML of a run, for CI systems: a testcase for each behaviour, with at most one failure, error or skipped.

| ruling | JUnit |
|---|---|
| fail, flaky | failure |
| error, blocked | error |
| untestable, unsupported, deviates, not run | skipped, with the reason |
| pass, weak, recorded | passed; the ruling is a property |

Where the run has a baseline, what it lists and fails as it says, or was not exercised, is skipped, with the issue, the
owner and the last day of its entry; what fails the run since it is stale or expired, or fails otherwise, is a failure.

A run that did not complete has a further testcase, `the run completes`: an error with the cause.

No two testcases have one name, since GitLab heeds only the first of them, and the file stays below the 30 MB that it
reads: https://docs.gitlab.com/ci/testing/unit_test_reports
"""

from collections import Counter
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from svcproof.model.baseline import FAILING, Comparison, Standing
from svcproof.model.run import COMPLETED, Run
from svcproof.model.verdict import Ruling, Verdict
from svcproof.printable import printable
from svcproof.report.baseline import listed_by_baseline, sentence
from svcproof.report.evidence import described
from svcproof.report.story import story
from svcproof.report.words import gist

ELEMENTS = {
    Ruling.FAIL: "failure",
    Ruling.FLAKY: "failure",
    Ruling.ERROR: "error",
    Ruling.BLOCKED: "error",
    Ruling.UNTESTABLE: "skipped",
    Ruling.UNSUPPORTED: "skipped",
    Ruling.DEVIATES: "skipped",
    Ruling.NOT_RUN: "skipped",
}
THE_END = "the run completes"
"""The name of the further testcase."""
ROOM = 6 << 20
"""Characters for the texts of all testcases; as many bytes, or up to four times that."""
MOST_TEXT = 100_000
"""Characters of one text."""
MOST_ATTRIBUTE = 1000


def content(run: Run, verdicts: Sequence[Verdict]) -> bytes:
    """The content of the file."""
    text: bytes = ET.tostring(document(run, verdicts), encoding="utf-8", xml_declaration=True)
    return text


def document(run: Run, verdicts: Sequence[Verdict]) -> ET.Element:
    """The document of a run; the same run gives the same bytes."""
    suite = ET.Element("testsuite", name=f"svcproof {run.header.proxy.name} on {run.header.cluster.name}")
    suite.set("timestamp", run.header.started)
    suite.set("time", f"{run.finished.seconds if run.finished else 0:.3f}")
    header = run.header
    properties = {"run": header.id, "faults": " ".join(header.faults), "patience": " ".join(header.patience)}
    properties["tried again"] = str(len(run.retries))
    _properties(suite, {**properties, **run.all_versions})
    first_with_reason: dict[str, str] = {}
    compared = listed_by_baseline(run, verdicts)
    for verdict in verdicts:
        suite.append(_testcase(verdict, first_with_reason, compared.get(verdict.behaviour.id)))
    if run.why != COMPLETED:
        case = ET.SubElement(suite, "testcase", classname="svcproof", name=THE_END, time="0.000")
        _outcome(case, "error", run.why, run.why)
        if run.finished and run.finished.evidence:
            ET.SubElement(case, "system-out").text = "\n".join(described(run.finished.evidence))
    for name, tag in {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}.items():
        suite.set(name, str(sum(1 for _ in suite.iter(tag))))
    root = ET.Element("testsuites", {name: suite.get(name, "") for name in ("tests", "failures", "errors", "time")})
    root.append(suite)
    _make_printable(root)
    _make_names_unique(suite)
    ET.indent(root)
    return root


def _make_printable(root: ET.Element) -> None:
    """Escape what XML 1.0 cannot hold, and what a terminal would obey, in all texts, and cut those too long."""
    texts = [element for element in root.iter() if element.text]
    has_room = sum(min(MOST_TEXT, len(element.text or "")) for element in texts) <= ROOM
    most = MOST_TEXT if has_room else ROOM // len(texts)
    for element in root.iter():
        element.text = _cut(printable(element.text or ""), most) or None
        element.attrib = {name: _cut(printable(value), MOST_ATTRIBUTE) for name, value in element.attrib.items()}


def _cut(text: str, most: int) -> str:
    """The beginning and the end of a text that is too long: what was expected, and what decided."""
    if len(text) <= most:
        return text
    return f"{text[: most // 2]}\n... {len(text) - most} characters are in run.jsonl ...\n{text[-(most // 2) :]}"


def _make_names_unique(suite: ET.Element) -> None:
    """Number the names that another testcase has already."""
    times: Counter[str] = Counter(case.get("name", "") for case in suite.iter("testcase"))
    numbers: Counter[str] = Counter()
    for case in suite.iter("testcase"):
        name = case.get("name", "")
        while times[name] > 1:
            times[name] -= 1
            numbers[name] += 1
            name = f"{name} ({numbers[name]})"
            times[name] += 1
        case.set("name", name)


def _testcase(verdict: Verdict, first_with_reason: dict[str, str], listed: Comparison | None) -> ET.Element:
    """The testcase of a verdict. `first_with_reason` has the behaviour whose testcase has a reason in full.

    `listed` is the verdict beside the baseline, where that has an entry for it.
    """
    behaviour, fact = verdict.behaviour, verdict.fact
    case = ET.Element("testcase", classname=f"suites.{behaviour.area}", name=behaviour.id)
    case.set("time", f"{fact.seconds if fact else 0:.3f}")
    properties = {
        "level": behaviour.level,
        "by": behaviour.by,
        "spec": behaviour.spec,
        "requirement": behaviour.requirement,
        "ruling": verdict.ruling,
        "area": behaviour.area,
        **({"kep": f"{behaviour.kep}"} if behaviour.kep else {}),
        **({"since": behaviour.since} if behaviour.since else {}),
        **({"beta": behaviour.beta} if behaviour.beta else {}),
        **({"binding": behaviour.binding} if behaviour.binding else {}),
    }
    if verdict.ruling not in ELEMENTS and verdict.reason:
        properties["reason"] = verdict.reason
        if fact and fact.divergence:
            properties["found"] = fact.divergence.sentence
    if listed:
        properties["baseline"] = sentence(listed)
    _properties(case, properties)
    if element := element_of(verdict, listed):
        first = first_with_reason.setdefault(verdict.reason, behaviour.id)
        text = verdict.reason if first == behaviour.id else f"the same as for {first}"
        divergence = f"found: {fact.divergence.sentence}\n" if fact and fact.divergence else ""
        message = sentence(listed) if listed else f"{verdict.ruling}: {gist(verdict.reason)}"
        _outcome(case, element, message, divergence + text)
    evidence = described(fact.evidence) if fact and fact.evidence else []
    if fact and (lines := [*story(fact), *evidence]):
        ET.SubElement(case, "system-out").text = "\n".join(lines)
    return case


def element_of(verdict: Verdict, listed: Comparison | None) -> str | None:
    """The element for the outcome of a verdict, of which the baseline may have an entry; none where it passed."""
    if listed is None:
        return ELEMENTS.get(verdict.ruling)
    if listed.standing in FAILING:
        return "failure"
    return None if listed.standing is Standing.HELD else "skipped"


def _outcome(case: ET.Element, element: str, message: str, text: str) -> None:
    outcome = ET.SubElement(case, element, message=gist(message))
    outcome.text = text


def _properties(parent: ET.Element, values: dict[str, str]) -> None:
    properties = ET.SubElement(parent, "properties")
    for name, value in values.items():
        ET.SubElement(properties, "property", name=name, value=value)
