"""The sentences for facts that were recorded under the lab's faults: `record.py` makes the files."""

import json
from pathlib import Path

import pytest

from svcproof.diagnosis import divergence
from svcproof.report.lines import unpacked

RECORDED = Path(__file__).parent / "recorded"
SENTENCES = json.loads((RECORDED / "sentences.json").read_text())
"""By the name of the recording: what its sentence must have in it, and the node and object of the divergence."""


def recorded(name):
    return unpacked(json.dumps(json.loads((RECORDED / f"{name}.json").read_text())["fact"]))


@pytest.mark.parametrize("name", SENTENCES)
def test_the_sentence_names_node_object_and_what_is_wrong(name):
    found, expected = divergence(recorded(name)), SENTENCES[name]

    assert found is not None
    assert all(phrase in found.sentence for phrase in expected["phrases"]), found.sentence
    assert (found.node, found.object) == (expected["node"], expected["object"])


def test_each_recording_has_its_sentence():
    assert {path.stem for path in RECORDED.glob("*.*.json")} == set(SENTENCES)
