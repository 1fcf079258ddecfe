"""Attempts on a cluster: scenarios side by side on a stage, with the outcome of each."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from svcproof.explore.outcome import Outcome, Signature
from svcproof.machine import Sampler
from svcproof.model.scenario import Scenario
from svcproof.replay.play import Judgement, Pace, Play
from svcproof.replay.scene import Scene
from svcproof.replay.stage import Stage
from svcproof.sweep import Difference

PATIENT = 4
"""So many times as long as it may need, a proxy is given before a difference counts, and before that to catch up.

It is wrong states that are searched for: a proxy that is slow, on a machine that is busy, comes right."""


@dataclass(frozen=True, slots=True)
class Played:
    """A scene that was played, and what it came to after each change."""

    scene: Scene
    judgements: tuple[Judgement, ...]
    starved: bool

    @property
    def counted(self) -> Outcome:
        """An outcome that says how much was looked at, and nothing else."""
        return Outcome(
            cells=sum(judgement.cells for judgement in self.judgements),
            states=sum(judgement.cells > 0 for judgement in self.judgements),
            views=sum(judgement.vantages for judgement in self.judgements),
        )


@dataclass(slots=True)
class Attempts:
    """Tries scenarios on one stage; each has names that no scenario before it had."""

    stage: Stage
    sampler: Sampler
    alone: Pace = field(default_factory=Pace)
    together: Pace = field(default_factory=Pace)
    is_wrong: bool = False
    """True if a plain Service is not served even by a proxy that was begun anew."""
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def __call__(self, scenarios: Sequence[Scenario], whole: bool) -> Sequence[Outcome]:
        """Try them side by side, and take them away again."""
        return [_outcome(played) for played in self.play(scenarios, whole)]

    def play(self, scenarios: Sequence[Scenario], whole: bool) -> Sequence[Played]:
        """The same, with all judgements."""
        is_alone = len(scenarios) == 1
        if is_alone and whole:
            self.mended()
        within = self.stage.within * (PATIENT if is_alone else 1)
        return self._played(scenarios, self.alone if is_alone else self.together, within, whole)

    def mended(self) -> bool:
        """Wait until a plain Service is served, so that what was there before does not keep the proxy busy.

        Where none ever is, the proxy is begun anew, if it is ours: True if that has helped, so that it was spoilt by
        what was tried before. Where it has not, plain Services are what it does wrong, and are waited for no more.
        """
        if self.is_wrong or self._serves_a_plain_one():
            return False
        self.is_wrong = self.stage.interrupt is None
        if not self.is_wrong:
            self.begin_anew()
        return not self.is_wrong

    def begin_anew(self) -> None:
        """Restart the proxy on every node, and wait until a plain Service is served."""
        if self.stage.interrupt is not None:
            with self.stage.interrupt("restart", ""):
                pass
            self.is_wrong = not self._serves_a_plain_one()

    def _serves_a_plain_one(self) -> bool:
        (played,) = self._played([PLAIN], self.alone, PATIENT * self.stage.within, whole=True)
        return all(judgement.holds for judgement in played.judgements)

    def _played(self, scenarios: Sequence[Scenario], pace: Pace, within: float, whole: bool) -> list[Played]:
        before = self.sampler.read()
        scenes = [
            self.stage.scene(scenario, place, f"x{next(self.numbers)}-") for place, scenario in enumerate(scenarios)
        ]
        judgements: dict[int, list[Judgement]] = {id(scene): [] for scene in scenes}
        play = Play(self.stage, pace)
        with play.removed(scenes):
            for scene, judgement in play.play(scenes, within, whole):
                judgements[id(scene)].append(judgement)
        starved = self.sampler.since(before).starved
        return [Played(scene, tuple(judgements[id(scene)]), starved) for scene in scenes]


PLAIN = Scenario.model_validate(
    {
        "title": "one Service with one endpoint",
        "objects": [
            {
                "apiVersion": "v1",
                "kind": "Service",
                "metadata": {"name": "a"},
                "spec": {"type": "NodePort", "ports": [{"protocol": "TCP", "port": 80}]},
            },
            {
                "apiVersion": "discovery.k8s.io/v1",
                "kind": "EndpointSlice",
                "metadata": {"name": "a-1", "labels": {"kubernetes.io/service-name": "a"}},
                "addressType": "IPv4",
                "ports": [{"protocol": "TCP", "port": 8080}],
                "endpoints": [{"addresses": ["${echo-0.address}"], "nodeName": "${echo-0.node}"}],
            },
        ],
    }
)


def signature(difference: Difference) -> Signature:
    """The part of a difference that others of its cause share."""
    cell = difference.cell
    return Signature(difference.rule.name, difference.aspect, cell.door.kind or "no door", cell.client.where)


def _outcome(played: Played) -> Outcome:
    refused = played.scene.refused
    if not played.judgements:
        return Outcome(refused=refused)
    last = played.judgements[-1]
    return replace(
        played.counted,
        signatures=frozenset(map(signature, last.differences)),
        after=last.after,
        change=last.change,
        table=last.table if last.differences else "",
        refused=refused,
        starved=played.starved,
    )
