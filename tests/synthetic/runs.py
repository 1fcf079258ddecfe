"""Runs of several proxies that have the same behaviours, as a comparison gets them: some are cut, old, or partial."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from svcproof.model.behaviour import Behaviour
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.fact import Fact, Finding
from svcproof.model.header import Header
from svcproof.model.proxy_spec import ProxySpec
from svcproof.model.run import Finished, Run, Started
from svcproof.report import runfile
from svcproof.report.lines import Chain
from tests.synthetic.behaviours import behaviours
from tests.synthetic.facts import fact
from tests.synthetic.words import HOSTILE

RARE = {
    Finding.REFUTED: 0.05,
    Finding.UNTESTABLE: 0.05,
    Finding.INCONCLUSIVE: 0.01,
    Finding.BROKE: 0.01,
    Finding.NOT_REACHED: 0.01,
}
"""The share of each finding; the rest is confirmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of run. `cut`: its file has no last line; `part`: the share of all behaviours that it selected."""

    name: str
    kubernetes: str = "v1.36.3"
    pace: float = 0.1
    features: tuple[str, ...] | None = None
    deviates: bool = False
    repeat: int = 1
    cut: bool = False
    why: str = "completed"
    part: float = 1.0


KINDS = (
    Kind(name="reference", pace=0.03),
    Kind(name="kube-proxy-iptables", pace=0.6),
    Kind(name="kube-proxy-nftables", pace=0.2),
    Kind(name="kube-proxy-ipvs", pace=0.4),
    Kind(name="cilium", pace=0.05, deviates=True),
    Kind(name="old-cluster", kubernetes="v1.25.4"),
    Kind(name="repeats", repeat=3),
    Kind(name="modest", features=("session-affinity",)),
    Kind(name="killed", cut=True),
    Kind(name="ended-early", why="interrupted"),
    Kind(name=HOSTILE[0]),
    Kind(name="partial", part=0.5),
)


def runs(behaviour_count: int = 600, run_count: int = 12, seed: int = 1) -> Mapping[str, Run]:
    """Runs by the name of their proxy, of which the first is of each kind; the same arguments give the same runs."""
    every = behaviours(behaviour_count)
    made: dict[str, Run] = {}
    for number in range(run_count):
        kind, again = KINDS[number % len(KINDS)], number // len(KINDS)
        made[f"{kind.name} {again + 1}" if again else kind.name] = run(kind, every, seed + again)
    return made


def stored(made: Mapping[str, Run], folder: Path) -> Mapping[str, Run]:
    """Runs as they are after each was written into a directory of results of its own, `00` and so on."""
    return {name: _stored(run, folder / f"{number:02}") for number, (name, run) in enumerate(made.items())}


def _stored(run: Run, folder: Path) -> Run:
    """Write a run as `runfile.store` does, without waiting for the disk after each fact."""
    folder.mkdir(parents=True)
    chain = Chain()
    with (folder / runfile.NAME).open("xb") as file:
        file.writelines(map(chain.seal, runfile.lines(run)))
    return replace(run, digest=chain.digest)


def run(kind: Kind, every: tuple[Behaviour, ...], seed: int) -> Run:
    """One run of this kind."""
    selected = every[: round(len(every) * kind.part)]
    if kind.name in HOSTILE:
        selected = tuple(replace(behaviour, requirement=behaviour.requirement + kind.name) for behaviour in selected)
    facts = tuple(made for behaviour in selected for made in _facts(kind, behaviour, seed))
    facts = facts[: len(facts) // 2] if kind.cut else facts
    started = tuple(Started(id=made.id, at=made.at, worker="gw0") for made in facts)
    return Run(
        header=_header(kind, seed),
        behaviours=selected,
        versions={"kernel": "6.12.43", "nft": "1.0.6", "kubernetes": kind.kubernetes, kind.name[:40]: "1.2.3"},
        started=started,
        facts=facts,
        finished=None if kind.cut else Finished(at="2026-11-30T09:00:00.000+00:00", seconds=170.8, why=kind.why),
    )


def _facts(kind: Kind, behaviour: Behaviour, seed: int) -> Iterator[Fact]:
    random = Random(ascii(f"{seed} {kind.name} {behaviour.id}"))
    weights = [1 - sum(RARE.values()), *RARE.values()]
    (finding,) = random.choices([Finding.CONFIRMED, *RARE], weights)
    if kind.deviates and behaviour.id in _deviations():
        finding = Finding.REFUTED
    for attempt in range(1, kind.repeat + 1):
        is_flaky = attempt == kind.repeat > 1 and finding is Finding.REFUTED and random.random() < 0.5
        yield fact(random, behaviour, Finding.CONFIRMED if is_flaky else finding, kind.pace, attempt)


def _deviations() -> tuple[str, ...]:
    return tuple(behaviour.id for behaviour in behaviours(6) if " " not in behaviour.id)


def _header(kind: Kind, seed: int) -> Header:
    deviations = [
        {"behaviour": name, "why": "not served to pods", "url": "https://example.org/deviations"}
        for name in _deviations()
    ]
    proxy = {
        "title": f"The proxy {kind.name[:40]}",
        "features": kind.features,
        "deviations": deviations if kind.deviates else [],
    }
    cluster = {
        "nodes": [{"name": "node-a", "zone": "zone-a"}, {"name": "node-b", "zone": "zone-b"}, {"name": "node-c"}],
        "podRanges": ["10.244.0.0/16"],
        "serviceRanges": ["10.96.0.0/16"],
        "nodeRanges": ["172.30.0.0/24"],
        "loadBalancerPool": [{"first": "172.30.0.200", "last": "172.30.0.250"}],
    }
    return Header(
        id=f"20261130-08{seed:04}-{KINDS.index(kind):04x}",
        started=f"2026-11-30T08:00:{KINDS.index(kind):02}.000+00:00",
        svcproof="0.1.0",
        cluster=ClusterSpec(name="lab", provider="lab", **cluster),
        proxy=ProxySpec(name=kind.name, **proxy),
        cluster_given="lab",
        proxy_given=kind.name,
        repeat=kind.repeat,
        versions={"python": "3.13.1", "kernel": "6.12.43"},
        suite="ab" * 32,
    )
