import pytest

from svcproof.model.behaviour import Behaviour, Level, Part
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.event import Event
from svcproof.model.evidence import Evidence
from svcproof.model.fact import Fact, Finding
from svcproof.model.header import Header
from svcproof.model.judgement import EDITION
from svcproof.model.probe import Observation, Outcome, Target
from svcproof.model.proxy_spec import ProxySpec
from svcproof.model.run import Run
from svcproof.model.step import Step, StepKind
from svcproof.model.vocabulary import Capability, Feature

EVIDENCE = Evidence(excerpt="\udc80\x1b[31m]]> <script>")


@pytest.fixture
def header():
    return Header(
        id="20260102-030405-abcd",
        started="2026-01-02T03:04:05.000+00:00",
        svcproof="0.1.0",
        cluster=ClusterSpec(name="lab", provider="lab", pod_ranges=["10.244.0.0/16"]),
        proxy=ProxySpec(name="mine"),
        cluster_given="lab",
        proxy_given="./my proxy.yaml",
        faults=("proxy/no-reject",),
        judging=EDITION,
    )


@pytest.fixture
def behaviour():
    def make(name, level=Level.MUST, area="node_port", **more):
        return Behaviour(
            id=name,
            area=area,
            requirement=f"A client sees that it {name.replace('_', ' ')}.",
            spec="https://example.org/service/#clause",
            level=level,
            by=Part.PROXY,
            **more,
        )

    return make


@pytest.fixture
def every_kind(header, behaviour):
    """A run in which every finding occurs."""
    behaviours = (
        behaviour("passes", capabilities=frozenset({Capability.TWO_NODES, Capability.EXEC})),
        behaviour("fails"),
        behaviour("is_weak", Level.SHOULD),
        behaviour("is_open", Level.MAY, area="cluster_ip"),
        behaviour("breaks", features=frozenset({Feature.SCTP})),
        behaviour("breaks_too"),
        behaviour("is_blocked"),
        behaviour("is_untestable"),
        behaviour("is_not_reached"),
    )
    dropped = Observation(
        vantage="outside-1", target=Target("172.30.0.11", 30001), outcome=Outcome.DROPPED, seconds=2.001
    )
    steps = (Step(kind=StepKind.EVENTUALLY, expected="every probe is answered", began=0.1, ended=4.1, limit=4.0),)
    events = (Event(at=0.1, step=0, count=3, until=2.2, slowest=2.003, probe=dropped),)
    facts = (
        Fact(id="passes", finding=Finding.CONFIRMED, steps=steps, events=events, seconds=0.25),
        Fact(
            id="fails", finding=Finding.REFUTED, reason="every node was to answer\nnone did", steps=steps, events=events
        ),
        Fact(id="is_weak", finding=Finding.REFUTED, reason="slow"),
        Fact(id="is_open", finding=Finding.CONFIRMED, record="dropped"),
        Fact(
            id="breaks",
            finding=Finding.BROKE,
            reason="the proxy ended\x1b[0m\nlast words",
            evidence=EVIDENCE,
        ),
        Fact(id="breaks_too", finding=Finding.BROKE, reason="the proxy ended\x1b[0m\nlast words"),
        Fact(id="is_blocked", finding=Finding.INCONCLUSIVE, reason="the control was not answered"),
        Fact(id="is_untestable", finding=Finding.UNTESTABLE, reason="the cluster has one node"),
    )
    return Run(header=header, behaviours=behaviours, facts=facts)
