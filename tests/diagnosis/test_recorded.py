"""The sentences for facts that were recorded under the lab's faults: `record.py` makes the files."""

import json
from pathlib import Path

import pytest

from svcproof.diagnosis import divergence
from svcproof.report.lines import unpacked

RECORDED = Path(__file__).parent / "recorded"
SENTENCES = json.loads((RECORDED / "sentences.json").read_text())
pytestmark = pytest.mark.timeout(30)


def recorded(name):
    return unpacked(json.dumps(json.loads((RECORDED / f"{name}.json").read_text())["fact"]))


@pytest.mark.parametrize("name", SENTENCES)
def test_sentence_of_a_recorded_fact(name):
    found = divergence(recorded(name))

    assert {"sentence": found.sentence, "node": found.node, "object": found.object} == SENTENCES[name]


@pytest.mark.parametrize("name", SENTENCES)
def test_sentence_names_the_node_and_the_object(name):
    said = SENTENCES[name]

    assert said["object"].split()[-1] in said["sentence"]
    assert said["node"] in said["sentence"]


def test_each_recording_has_its_sentence():
    assert {path.stem for path in RECORDED.glob("*.*.json")} == set(SENTENCES)


def test_at_least_25_faults_of_each_part_of_the_lab_are_recorded():
    faults = {path.stem.rpartition(".")[0] for path in RECORDED.glob("*.*.json")}

    assert len(faults) >= 25
    assert {fault.partition(".")[0] for fault in faults} == {"proxy", "dns", "kubelet", "controllers", "load-balancer"}


@pytest.mark.parametrize("name", SENTENCES)
def test_nothing_is_said_where_nothing_is_known(name):
    """A fact without events, as one of a check that another project wrote may be, leads to no guess."""
    fact = recorded(name)
    bare = type(fact)(id=fact.id, finding=fact.finding, reason=fact.reason)

    assert divergence(bare) is None
