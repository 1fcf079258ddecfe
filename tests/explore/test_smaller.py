"""Smaller scenarios: each lacks something, all are scenarios still, and some way leads to the smallest."""

from copy import deepcopy

import pytest

from svcproof.explore.drawing import Chunk, key
from svcproof.explore.smaller import cut, smaller
from svcproof.model.scenario import Scenario

DRAWN = Chunk(3, 0, 40, 4).drawn()


@pytest.mark.parametrize("number", range(0, len(DRAWN), 6))
def test_every_smaller_scenario_is_one_and_is_smaller(number: int) -> None:
    scenario = DRAWN[number]
    before = deepcopy(scenario)
    candidates = smaller(scenario)
    assert candidates
    assert all(len(key(candidate)) <= len(key(scenario)) + 40 for candidate in candidates)
    assert len({key(candidate) for candidate in candidates}) == len(candidates)
    for candidate in candidates:
        Scenario.model_validate(candidate)
    assert scenario == before


def test_a_scenario_is_cut_after_a_step() -> None:
    scenario = next(scenario for scenario in DRAWN if len(scenario["steps"]) > 2)
    assert cut(scenario, 1)["steps"] == scenario["steps"][:1]
    assert cut(scenario, 0)["title"].endswith("no steps")


def test_a_service_goes_with_its_slices_and_steps() -> None:
    scenario = next(
        scenario
        for scenario in DRAWN
        if sum(item["kind"] == "Service" for item in scenario["objects"]) == 2 and len(scenario["objects"]) > 3
    )
    lone = [item for item in smaller(scenario) if {each["metadata"]["name"][0] for each in item["objects"]} == {"a"}]
    (alone, *_) = lone
    assert all("b" not in str(step.get("patch", step.get("delete", {})).get("name")) for step in alone["steps"])


def test_one_service_alone_and_the_last_step_alone_are_tried() -> None:
    scenario = next(
        scenario
        for scenario in DRAWN
        if sum(item["kind"] == "Service" for item in scenario["objects"]) > 2 and len(scenario["steps"]) > 1
    )
    candidates = smaller(scenario)
    assert any(sum(item["kind"] == "Service" for item in each["objects"]) == 1 for each in candidates)
    assert any(each["steps"] == scenario["steps"][-1:] for each in candidates)


def test_a_scenario_begins_with_what_its_first_step_leaves() -> None:
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}, "spec": {"type": "ClusterIP"}}
    labels = {"kubernetes.io/service-name": "a"}
    piece = {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {"name": "a-1", "labels": labels},
    }
    patch = {"spec": {"type": "NodePort", "selector": None, "externalTrafficPolicy": "Local"}}
    together = [
        {"delete": {"kind": "EndpointSlice", "name": "a-1"}},
        {"patch": {"kind": "Service", "name": "a", "patch": patch}},
    ]
    last = {"delete": {"kind": "Service", "name": "a"}}
    scenario = {"objects": [service, piece], "steps": [{"together": together}, last]}
    spec = {"type": "NodePort", "externalTrafficPolicy": "Local"}
    begun = [each for each in smaller(scenario) if each["steps"] == [last]]
    assert [{**service, "spec": spec}] in [each["objects"] for each in begun]
