"""Scenarios run again on a cluster, one after another, and told change by change."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from svcproof import providers
from svcproof.errors import ProvisionError
from svcproof.model.cluster import Progress
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.proxy_spec import ProxySpec
from svcproof.model.scenario import Scenario
from svcproof.replay.binding import lacking
from svcproof.replay.play import Judgement, Play
from svcproof.replay.stage import Stage, stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """The end of a scenario that was run again."""

    name: str
    scenario: Scenario
    judgements: tuple[Judgement, ...]
    refused: str = ""
    """The API server's reason for refusing a change; the rest was not made."""

    @property
    def holds(self) -> bool:
        """True if everything was as promised after each change."""
        return all(judgement.holds for judgement in self.judgements)


Told = Callable[[str, Judgement], None]


def replay(
    scenarios: Sequence[tuple[str, Scenario]],
    spec: ClusterSpec,
    proxy: ProxySpec,
    faults: tuple[str, ...],
    progress: Progress,
    told: Callable[[Replayed], None],
) -> tuple[Replayed, ...]:
    """Run scenarios, each with its name, one after another; `told` hears of each at its end.

    Raises ProvisionError where the cluster does not come up, or has not what a scenario needs.
    """
    provider = providers.find(spec.provider)
    with (
        provider.up(spec, proxy, faults=faults, progress=progress) as cluster,
        stage(cluster, proxy, "replay") as place,
    ):
        problems = [
            f"{name}: {problem}" for name, scenario in scenarios for problem in lacking(scenario, place.binding())
        ]
        if problems:
            raise ProvisionError("\n".join(problems))
        ended = []
        for number, (name, scenario) in enumerate(scenarios, 1):
            ended.append(run_scenario(place, name, scenario, f"x{number}-"))
            told(ended[-1])
        return tuple(ended)


def run_scenario(place: Stage, name: str, scenario: Scenario, prefix: str) -> Replayed:
    """Run one scenario on a stage, and take away what it made."""
    scene = place.scene(scenario, 0, prefix)
    play = Play(place)
    with play.removed([scene]):
        judgements = tuple(judgement for _, judgement in play.play([scene], place.within, whole=True))
    return Replayed(name=name, scenario=scenario, judgements=judgements, refused=scene.refused)
