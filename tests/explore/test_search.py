"""The search against pretended clusters: what differs is found, seen again and made small; noise is not reported."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import pytest

from svcproof.explore.drawing import Chunk, key
from svcproof.explore.outcome import Outcome, Signature
from svcproof.explore.search import Finding, Search
from svcproof.model.scenario import Scenario

DIFFERS = Outcome(signatures=frozenset({Signature("a_rule", "answered", "cluster-ip", "a pod")}), table="a table")


@dataclass
class Pretended:
    """A cluster on which the scenarios differ that `is_bad` says; `noise` are the tries that differ besides."""

    is_bad: Callable[[Scenario], bool]
    noise: frozenset[int] = frozenset()
    tried: list[Scenario] = field(default_factory=list)

    def attempt(self, scenarios: Sequence[Scenario], whole: bool) -> Sequence[Outcome]:
        outcomes = []
        for scenario in scenarios:
            self.tried.append(scenario)
            differs = self.is_bad(scenario) or len(self.tried) in self.noise
            outcomes.append(replace(DIFFERS, after=len(scenario.steps)) if differs else Outcome())
        return outcomes


def search(cluster: Pretended, worlds: int = 80, **options) -> Search:
    chosen = {"seed": 1, "most_steps": 4, "side_by_side": 8, "until": time.monotonic() + 60, "most_worlds": worlds}
    return Search(attempt=cluster.attempt, **chosen | options)


def has_local_policy(scenario: Scenario) -> bool:
    return any(
        manifest["spec"].get("externalTrafficPolicy") == "Local"
        for manifest in scenario.objects
        if manifest["kind"] == "Service"
    )


def deletes_a_service(scenario: Scenario) -> bool:
    return any(step.delete and step.delete.kind == "Service" for step in scenario.steps)


def test_a_sound_cluster_has_no_findings() -> None:
    tally = search(Pretended(lambda scenario: False)).run()
    assert tally.worlds >= 80
    assert (tally.findings, tally.unconfirmed) == ([], [])


def test_an_object_that_differs_is_made_as_plain_as_can_be() -> None:
    (finding,) = search(Pretended(has_local_policy)).run().findings
    (service,) = finding.scenario["objects"]
    assert service["spec"]["externalTrafficPolicy"] == "Local"
    assert service["spec"] == {"type": "NodePort", "externalTrafficPolicy": "Local", "ports": []}
    assert finding.scenario["steps"] == []
    assert finding.final


def test_a_step_that_differs_is_the_only_one_left() -> None:
    (finding,) = search(Pretended(deletes_a_service)).run().findings
    assert finding.scenario["steps"] == [{"delete": {"kind": "Service", "name": "a"}}]
    assert len(finding.scenario["objects"]) == 1


def test_what_is_not_seen_again_is_not_reported() -> None:
    tally = search(Pretended(lambda scenario: False, noise=frozenset({3, 40}))).run()
    assert tally.findings == []
    assert len(tally.unconfirmed) == 2


def test_the_same_seed_tries_the_same_and_another_seed_does_not() -> None:
    clusters = [Pretended(lambda scenario: False) for _ in range(3)]
    for cluster, seed in zip(clusters, (1, 1, 2), strict=True):
        search(cluster, seed=seed).run()
    first, same, other = (cluster.tried for cluster in clusters)
    assert first == same
    assert first != other


def test_what_differs_alike_is_one_finding() -> None:
    tally = search(Pretended(has_local_policy), worlds=200).run()
    assert len(tally.findings) == 1
    assert tally.again > 5


def test_a_finding_is_kept_before_it_is_made_smaller() -> None:
    kept: list[Finding] = []
    search(Pretended(has_local_policy), kept=kept.append).run()
    assert [finding.final for finding in kept] == [False, True]


def test_an_interrupt_while_shrinking_leaves_the_finding_kept() -> None:
    cluster = Pretended(has_local_policy)
    kept: list[Finding] = []

    def interrupted(scenarios: Sequence[Scenario], whole: bool) -> Sequence[Outcome]:
        if kept:
            raise KeyboardInterrupt
        return cluster.attempt(scenarios, whole)

    with pytest.raises(KeyboardInterrupt):
        Search(
            attempt=interrupted,
            seed=1,
            most_steps=4,
            side_by_side=8,
            until=time.monotonic() + 60,
            kept=kept.append,
        ).run()
    assert len(kept) == 1


def test_shrinking_ends_in_its_time() -> None:
    (finding,) = search(Pretended(has_local_policy), shrinking=0.0).run().findings
    assert has_local_policy(Scenario.model_validate(finding.scenario))


@pytest.mark.parametrize("seed", range(3))
def test_what_is_drawn_is_a_scenario_and_drawn_once(seed: int) -> None:
    drawn = Chunk(seed, 0, 60, 5).drawn()
    assert len({key(scenario) for scenario in drawn}) == len(drawn) > 30
    for scenario in drawn:
        Scenario.model_validate(scenario)


@dataclass
class Wedged(Pretended):
    """A cluster whose proxy serves nothing any more once a scenario was bad, until it is begun anew."""

    is_spoilt: bool = False
    begun: int = 0

    def attempt(self, scenarios: Sequence[Scenario], whole: bool) -> Sequence[Outcome]:
        if whole and len(scenarios) == 1:
            self.mended()
        self.is_spoilt = self.is_spoilt or any(map(self.is_bad, scenarios))
        self.tried += scenarios
        return [replace(DIFFERS, after=len(each.steps)) if self.is_spoilt else Outcome() for each in scenarios]

    def mended(self) -> bool:
        was_spoilt = self.is_spoilt
        self.begin_anew()
        return was_spoilt

    def begin_anew(self) -> None:
        self.begun += 1
        self.is_spoilt = False


def test_a_scenario_that_spoils_the_proxy_for_others_is_told_from_them_and_made_small() -> None:
    cluster = Wedged(has_local_policy)
    tally = search(cluster, worlds=24, renewal=cluster).run()
    (finding,) = tally.findings
    (service,) = finding.scenario["objects"]
    assert service["spec"]["externalTrafficPolicy"] == "Local"
    assert finding.scenario["steps"] == []
    assert cluster.begun > 10


class Leaving(Wedged):
    """A cluster in which a bad scenario leaves behind what all later ones meet, though a plain Service is served."""

    def attempt(self, scenarios: Sequence[Scenario], whole: bool) -> Sequence[Outcome]:
        was_spoilt, self.is_spoilt = self.is_spoilt, self.is_spoilt or any(map(self.is_bad, scenarios))
        differing = [was_spoilt or self.is_bad(scenario) for scenario in scenarios]
        return [
            replace(DIFFERS, after=len(each.steps)) if differs else Outcome()
            for each, differs in zip(scenarios, differing, strict=True)
        ]

    def mended(self) -> bool:
        return False


def test_what_a_scenario_leaves_behind_is_not_taken_for_a_smaller_one() -> None:
    (finding,) = search(cluster := Leaving(has_local_policy), worlds=24, renewal=cluster).run().findings

    (service,) = finding.scenario["objects"]
    assert service["spec"]["externalTrafficPolicy"] == "Local"
    assert finding.scenario["steps"] == []
