"""A run of the facts that were recorded under the lab's faults, each with what diverged in it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from svcproof.diagnosis import divergence
from svcproof.model.behaviour import Behaviour, Level, Part
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.evidence import Evidence, EvidenceFile
from svcproof.model.fact import Fact
from svcproof.model.header import Header
from svcproof.model.proxy_spec import ProxySpec
from svcproof.model.run import Finished, Run
from svcproof.report.lines import unpacked

RECORDED = Path(__file__).parents[1] / "diagnosis" / "recorded"
END = Finished(at="2026-11-30T06:00:00+00:00", seconds=60.5)


def recorded_run() -> Run:
    """The run; where several faults refuted one behaviour, the first of them counts."""
    facts = {fact.id: fact for fact in reversed(list(recorded_facts()))}
    header = Header(
        id="20261130-050000-abcd",
        started="2026-11-30T05:00:00.000+00:00",
        svcproof="0.1.0",
        cluster=ClusterSpec(name="lab", provider="lab", pod_ranges=["10.244.0.0/16"]),
        proxy=ProxySpec(name="broken"),
        cluster_given="lab",
        proxy_given="reference",
    )
    behaviours = tuple(map(_behaviour, facts.values()))
    return Run(header=header, behaviours=behaviours, facts=tuple(facts.values()), finished=END)


def recorded_facts() -> Iterator[Fact]:
    """Every recorded fact, with its divergence and a file of evidence."""
    for path in sorted(RECORDED.glob("*.*.json")):
        fact = unpacked(json.dumps(json.loads(path.read_text())["fact"]))
        file = EvidenceFile(title="the rules now", name=f"{fact.id}.rules", size=2048, sha256="0" * 64)
        yield replace(fact, divergence=divergence(fact), evidence=Evidence(excerpt="none", files=(file,)))


def _behaviour(fact: Fact) -> Behaviour:
    return Behaviour(
        id=fact.id,
        area="recorded",
        requirement=f"It holds that {fact.id.replace('_', ' ')}.",
        spec="https://example.org/service/#clause",
        level=Level.MUST,
        by=Part.PROXY,
        kep=2086,
        since="1.26",
    )
