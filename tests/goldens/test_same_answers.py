"""The lab's API server answers what a real kube-apiserver answered to the same requests."""

import json
from pathlib import Path

import pytest

from tests.goldens.differences import comparable
from tests.goldens.normalise import normalised
from tests.goldens.record import RECORDED, namespace_of, preparation
from tests.goldens.replay import Replay
from tests.goldens.scenarios import DUAL_STACK, SCENARIOS, manifests
from tests.lab.apiserver.serving import TOKEN, serving


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_answers_are_those_of_a_real_server(name: str, tmp_path: Path) -> None:
    recorded = json.loads((RECORDED / f"{name}.json").read_text())
    with serving(tmp_path, dual_stack=name in DUAL_STACK) as server:
        replay = Replay(server.url, TOKEN, namespace_of(name))
        replay.all(preparation(namespace_of(name)))
        answers = normalised(replay.all(SCENARIOS[name]))

    expected = {step: comparable(name, step, answer) for step, answer in recorded.items()}
    seen = {step: comparable(name, step, answer) for step, answer in answers.items()}
    assert seen == expected


@pytest.mark.parametrize("name", sorted(manifests.SCENARIOS))
def test_manifests_are_where_they_belong(name: str) -> None:
    recorded = json.loads((RECORDED / f"{name}.json").read_text())
    refused = {step for step, answer in recorded.items() if answer["status"] >= 400}

    assert refused == (set(recorded) if name.startswith("refused") else set())
