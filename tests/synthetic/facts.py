"""Facts like those of a run: what was changed, controlled and seen, how long it took, and what stands in the way."""

from random import Random

from svcproof.model.behaviour import Behaviour, Level
from svcproof.model.circumstance import Circumstance, LogLine, ObjectState, Place, RuleChange
from svcproof.model.divergence import Divergence
from svcproof.model.event import Change, Event, Reading, Verb
from svcproof.model.evidence import Evidence, EvidenceFile
from svcproof.model.fact import Fact, Finding
from svcproof.model.machine import Machine
from svcproof.model.probe import Outcome
from svcproof.model.step import Settling, Step, StepEnd, StepKind
from tests.synthetic.probes import CLIENTS, NODE_ADDRESSES, NODES, observation, target
from tests.synthetic.words import HOSTILE

NAMESPACE = "svcproof-4242-ab12-gw0"
SPECS = (
    {
        "spec": {
            "ports": [{"name": "main", "port": 80, "targetPort": 8080, "protocol": "TCP"}],
            "selector": {"app": "echo"},
        }
    },
    {"spec": {"type": "NodePort", "externalTrafficPolicy": "Local"}},
    {"spec": {"sessionAffinity": "ClientIP"}},
    {"spec": {"ports": [{"name": "main", "port": 81}]}},
)
ENDS = {
    Finding.CONFIRMED: StepEnd.HELD,
    Finding.REFUTED: StepEnd.REFUTED,
    Finding.INCONCLUSIVE: StepEnd.REFUTED,
    Finding.BROKE: StepEnd.BROKE,
}
WAYS = ("refused", "dropped", "answered by a pod on another node", "the client's own address")


def fact(random: Random, behaviour: Behaviour, finding: Finding, pace: float, attempt: int = 1) -> Fact:
    """The fact of one check. `pace` is what a proxy needs to follow a change, in seconds."""
    steps, events = _story(random, finding, pace)
    short = finding in {Finding.UNTESTABLE, Finding.NOT_REACHED}
    holds = finding is Finding.CONFIRMED
    return Fact(
        id=behaviour.id,
        finding=finding,
        reason="" if holds else _reason(random, finding),
        record=random.choice(WAYS) if holds and behaviour.level is Level.MAY else "",
        seconds=0.0 if short else round(steps[-1].ended + 0.01, 4),
        at=f"2026-11-30T08:{random.randrange(60):02}:{random.randrange(60):02}.{random.randrange(1000):03}+00:00",
        attempt=attempt,
        steps=() if short else steps,
        events=() if short else events,
        machine=None if short else Machine(cpus=2, seconds=1.0, pressure=0.5, used=1.5, proxy=0.1),
        **({} if holds or short else _surroundings(random, behaviour)),
    )


def _story(random: Random, finding: Finding, pace: float) -> tuple[tuple[Step, ...], tuple[Event, ...]]:
    name, version = f"svc-{random.randrange(16**4):04x}-1", random.randrange(100, 9999)
    verb, sent = random.choice((Verb.CREATE, Verb.PATCH)), random.choice(SPECS)
    clients = random.sample(CLIENTS, random.randint(1, 3))
    control = finding is Finding.INCONCLUSIVE
    end = round(1.2 + 5 * pace, 4)
    steps = (
        Step(
            kind=StepKind.ARRANGE,
            expected=f"3 ready endpoints of Service {name!r}",
            began=0.0026,
            ended=0.11,
            limit=30.0,
        ),
        Step(
            kind=StepKind.CONTROL,
            expected="the pods answer at their own addresses",
            began=0.11,
            ended=0.2,
            end=ENDS[finding] if control else StepEnd.HELD,
        ),
        Step(
            kind=StepKind.EVENTUALLY,
            expected="every probe is answered by one of our backends",
            began=0.3,
            ended=end,
            end=StepEnd.HELD if control else ENDS.get(finding, StepEnd.HELD),
            limit=4.0,
            settling=tuple(_settling(random, client, pace, settles=finding is Finding.CONFIRMED) for client in clients),
        ),
    )
    change = Change(
        verb=verb,
        kind="Service",
        name=name,
        namespace=NAMESPACE,
        sent=sent,
        resource_version=str(version),
        seconds=0.012,
    )
    reading = Reading(
        kind="discovery.k8s.io/v1 EndpointSlice", namespace=NAMESPACE, labels=f"kubernetes.io/service-name={name}"
    )
    events = [
        Event(at=0.0003, step=0, reading=reading),
        Event(at=0.22, step=1, change=change),
        Event(
            at=0.25,
            step=1,
            reading=Reading(kind="Service", name=name, namespace=NAMESPACE, resource_version=str(version)),
        ),
    ]
    for number, client in enumerate(clients):
        to, moment = target(random), 0.3 + number / 1000
        if finding is not Finding.CONFIRMED:
            outcome = random.choice((Outcome.DROPPED, Outcome.REFUSED))
            failed = observation(random, client, to, outcome)
            events.append(Event(at=moment, step=2, count=random.randint(2, 30), until=end, probe=failed))
        for _ in range(3):
            answered = observation(random, client, to, Outcome.ANSWERED)
            events.append(Event(at=moment, step=2, count=3, until=round(end - 0.1, 4), slowest=0.004, probe=answered))
    return steps, tuple(sorted(events, key=lambda event: event.at))


def _settling(random: Random, client, pace: float, *, settles: bool) -> Settling:
    delay = random.lognormvariate(0.0, 0.6) * pace
    looks = max(2, round(delay / 0.1))
    wrong = round(0.3 + delay, 4)
    if not settles:
        return Settling(vantage=client.name, node=client.node, looks=looks, last_wrong=wrong)
    right = round(wrong + 0.1, 4)
    return Settling(
        vantage=client.name, node=client.node, looks=looks, first_right=right, last_wrong=wrong, settled=right
    )


def _reason(random: Random, finding: Finding) -> str:
    if random.random() < 0.1:
        return random.choice(HOSTILE)
    if finding is Finding.UNTESTABLE:
        return random.choice(("dual-stack: the lab has no IPv6", "two-zones: all nodes are in one zone"))
    client, to = random.choice(CLIENTS), target(random)
    return (
        "expected: Every probe is answered by one of our backends.\n"
        f"looked for {random.uniform(1, 12):.2f} s; seen:\n"
        f"  at 0.00-3.00 s, {random.randint(2, 40)} looks: 3 x {client.name} -> {to}: dropped"
    )


def _surroundings(random: Random, behaviour: Behaviour) -> dict[str, object]:
    node, client = random.choice(NODES), random.choice(CLIENTS)
    hostile = random.choice(HOSTILE) if random.random() < 0.2 else ""
    rules = tuple(
        f"ip daddr 10.96.0.{number} tcp dport 80 dnat to 10.244.1.{number}:8080 {hostile}" for number in range(6)
    )
    content = {
        "spec": {"clusterIP": "10.96.0.9", "ports": [{"port": 80}]},
        "metadata": {"labels": {"app": hostile or "echo"}},
    }
    log = f"E1130 08:00:00.000000 1 proxier.go:1500] failed to sync {hostile}"
    return {
        "divergence": Divergence(
            sentence=f"{node} still sends 1 of 3 connections to 10.244.1.7, whose endpoint is gone {hostile}".strip(),
            node=node,
            vantage=client.name,
            object="Service echo",
            at=0.3,
        ),
        "circumstances": (
            *(
                Circumstance(at=-1.0, place=Place(name=name, addresses=(address,)))
                for name, address in NODE_ADDRESSES.items()
            ),
            Circumstance(at=0.1, state=ObjectState(kind="Service", name="echo", namespace=NAMESPACE, content=content)),
            Circumstance(at=0.4, rules=RuleChange(node=node, came=rules[:4], gone=rules[4:])),
            Circumstance(at=0.5, log=LogLine(program="kube-proxy", node=node, line=log)),
        ),
        "evidence": Evidence(
            excerpt=f"{behaviour.area}: the rules of {node}\n" + "\n".join(rules),
            files=(EvidenceFile(title="the rules of each node", name="rules.txt", size=4096, sha256="0" * 64),),
            missing=("conntrack of node-c: permission denied",),
        ),
    }
