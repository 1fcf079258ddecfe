"""The drawing of scenarios: all that a proxy may meet is drawn, and each step fits what is there then."""

import json
from collections import Counter

from svcproof.declare.scenarios import scenario
from svcproof.explore.drawing import Chunk
from svcproof.explore.files import dumped
from svcproof.explore.smaller import inner_edits

DRAWN = [drawn for number in range(4) for drawn in Chunk(7, number, 60, 6, may_interrupt=True).drawn()]
TEXTS = [json.dumps(drawn) for drawn in DRAWN]


def test_worlds_are_of_one_to_four_services_that_share_addresses() -> None:
    sizes = Counter(sum(item["kind"] == "Service" for item in drawn["objects"]) for drawn in DRAWN)
    assert set(sizes) == {1, 2, 3, 4}
    assert any(text.count("${external-5}") > 1 for text in TEXTS)


def test_steps_of_every_kind_are_drawn() -> None:
    verbs = Counter(next(iter(step)) for drawn in DRAWN for step in drawn["steps"])
    assert set(verbs) == {"patch", "apply", "delete", "together", "interrupt"}
    assert any(inner_edits(step) for drawn in DRAWN for step in drawn["steps"] if "interrupt" in step)


def test_every_field_that_may_change_is_edited() -> None:
    edits = [
        edit
        for drawn in DRAWN
        for step in drawn["steps"]
        for edit in (inner_edits(step) or [step])
        if edit.get("patch", {}).get("kind") == "Service"
    ]
    edited = {key for edit in edits for key in edit["patch"]["patch"].get("spec", {})}
    assert edited >= {
        *("type", "ports", "externalIPs", "selector", "sessionAffinity", "sessionAffinityConfig"),
        *("internalTrafficPolicy", "externalTrafficPolicy", "loadBalancerSourceRanges", "externalName"),
        *("allocateLoadBalancerNodePorts", "publishNotReadyAddresses"),
    }


def test_the_proxy_is_restarted_only_where_that_is_allowed() -> None:
    drawn = [each for number in range(4) for each in Chunk(7, number, 60, 6).drawn()]
    assert not any("interrupt" in step for each in drawn for step in each["steps"])


def test_what_is_drawn_is_read_from_its_file_without_a_mistake(tmp_path) -> None:
    for number, drawn in enumerate(DRAWN[::5]):
        path = tmp_path / f"{number}.yaml"
        path.write_text(dumped(drawn))
        assert scenario(path).title == drawn["title"]
