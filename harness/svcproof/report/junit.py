"""JUnit XML of a run, for CI systems: one testcase a behaviour, at most one of failure, error and skipped in each.

| ruling | JUnit |
|---|---|
| fail, flaky | failure |
| error, blocked | error |
| untestable, unsupported, deviates, not run | skipped, with the reason |
| pass, weak, recorded | passed; the ruling is a property |

A run that did not complete has one more testcase, `the run completes`, an error with the cause.
"""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from svcproof.errors import ProvisionError
from svcproof.model.run import COMPLETED, Run
from svcproof.model.verdict import Ruling, Verdict
from svcproof.printable import printable
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


def write(path: Path, run: Run, verdicts: Sequence[Verdict]) -> None:
    """Write the file in one step: a reader sees the old one, none, or all of it. Raises ProvisionError if it cannot."""
    content = ET.tostring(document(run, verdicts), encoding="utf-8", xml_declaration=True)
    try:
        _replace(path, content)
    except OSError as error:
        raise ProvisionError(
            f"cannot write {path}: {error.strerror}; make room there, or the right to write"
        ) from error


def _replace(path: Path, content: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-", delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).chmod(0o644)
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


def document(run: Run, verdicts: Sequence[Verdict]) -> ET.Element:
    """The whole document; the same run gives the same bytes."""
    suite = ET.Element("testsuite", name=f"svcproof {run.header.proxy.name} on {run.header.cluster.name}")
    suite.set("timestamp", run.header.started)
    suite.set("time", f"{run.finished.seconds if run.finished else 0:.3f}")
    about = {"run": run.header.id, "faults": " ".join(run.header.faults), "patience": " ".join(run.header.patience)}
    _properties(suite, {**about, **run.header.versions, **run.versions})
    seen: dict[str, str] = {}
    for verdict in verdicts:
        suite.append(_testcase(verdict, seen))
    if run.why != COMPLETED:
        case = ET.SubElement(suite, "testcase", classname="svcproof", name="the run completes", time="0.000")
        _outcome(case, "error", run.why, run.why)
    for name, tag in {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}.items():
        suite.set(name, str(sum(1 for _ in suite.iter(tag))))
    top = ET.Element("testsuites", {name: suite.get(name, "") for name in ("tests", "failures", "errors", "time")})
    top.append(suite)
    _make_printable(top)
    ET.indent(top)
    return top


def _make_printable(document: ET.Element) -> None:
    """Escape what XML 1.0 cannot hold, or what would be obeyed where a report is shown, wherever it is from."""
    for element in document.iter():
        element.text = printable(element.text or "") or None
        element.attrib = {name: printable(value) for name, value in element.attrib.items()}


def _testcase(verdict: Verdict, seen: dict[str, str]) -> ET.Element:
    """One testcase; `seen` maps a reason to the behaviour it was first given for, so that it is told in full once."""
    behaviour, fact = verdict.behaviour, verdict.fact
    case = ET.Element("testcase", classname=f"suites.{behaviour.area}", name=behaviour.id)
    case.set("time", f"{fact.seconds if fact else 0:.3f}")
    told = {
        "level": behaviour.level,
        "by": behaviour.by,
        "spec": behaviour.spec,
        "requirement": behaviour.requirement,
        "ruling": verdict.ruling,
        "area": behaviour.area,
    }
    if verdict.ruling not in ELEMENTS and verdict.reason:
        told["reason"] = verdict.reason
    _properties(case, told)
    if element := ELEMENTS.get(verdict.ruling):
        first = seen.setdefault(verdict.reason, behaviour.id)
        text = verdict.reason if first == behaviour.id else f"the same as for {first}"
        _outcome(case, element, f"{verdict.ruling}: {gist(verdict.reason)}", text)
    if fact and fact.observations:
        ET.SubElement(case, "system-out").text = "\n".join(fact.observations)
    return case


def _outcome(case: ET.Element, element: str, message: str, text: str) -> None:
    outcome = ET.SubElement(case, element, message=gist(message))
    outcome.text = text


def _properties(parent: ET.Element, values: dict[str, str]) -> None:
    properties = ET.SubElement(parent, "properties")
    for name, value in values.items():
        ET.SubElement(properties, "property", name=name, value=value)
