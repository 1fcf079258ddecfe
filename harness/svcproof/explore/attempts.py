"""Attempts on a cluster: scenarios side by side on a stage, with the outcome of each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

from svcproof.explore.outcome import Outcome, Signature
from svcproof.model.scenario import Scenario
from svcproof.replay.play import Judgement, Pace, Play
from svcproof.replay.scene import Scene
from svcproof.replay.stage import Stage
from svcproof.sweep import Difference


@dataclass(slots=True)
class Attempts:
    """Tries scenarios on one stage; each has names that no scenario before it had."""

    stage: Stage
    play: Play = field(default_factory=lambda: Play(Pace()))
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def __call__(self, scenarios: Sequence[Scenario], whole: bool) -> Sequence[Outcome]:
        """Try them side by side, and take them away again."""
        scenes = [
            Scene(self.stage, scenario, self.stage.binding(place, f"x{next(self.numbers)}-"))
            for place, scenario in enumerate(scenarios)
        ]
        cells = dict.fromkeys(map(id, scenes), 0)
        ends: dict[int, Judgement] = {}
        with self.play.removed(scenes):
            for scene, judgement in self.play.play(scenes, self.stage.within, whole):
                cells[id(scene)] += judgement.cells
                ends[id(scene)] = judgement
        return [_outcome(scene, ends.get(id(scene)), cells[id(scene)]) for scene in scenes]


def signature(difference: Difference) -> Signature:
    """The part of a difference that others of its cause share."""
    cell = difference.cell
    return Signature(difference.rule.name, difference.aspect, cell.door.kind or "no door", cell.client.where)


def _outcome(scene: Scene, last: Judgement | None, cells: int) -> Outcome:
    if last is None:
        return Outcome(refused=scene.refused, cells=cells)
    return Outcome(
        signatures=frozenset(map(signature, last.differences)),
        after=last.after,
        change=last.change,
        table=last.table if last.differences else "",
        refused=scene.refused,
        cells=cells,
    )
