"""The drawing of scenarios: all that a proxy may meet is drawn, and each step fits what is there then."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from svcproof.declare.scenarios import scenario
from svcproof.explore.drawing import Chunk
from svcproof.explore.drawn_services import NESTED
from svcproof.explore.files import dumped
from svcproof.explore.manifests import SERVICE_NAME
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


def edits() -> Iterator[dict[str, Any]]:
    """Yield all edits of all scenarios."""
    for drawn in DRAWN:
        for step in drawn["steps"]:
            yield from inner_edits(step) or [step]


def test_source_ranges_lie_in_each_other_and_have_blanks_around_them() -> None:
    specs = [item["spec"] for drawn in DRAWN for item in services(drawn)]
    specs += [edit["patch"]["patch"].get("spec", {}) for edit in edits() if "patch" in edit]
    ranges = [spec.get("loadBalancerSourceRanges") or [] for spec in specs]
    assert any(set(nested) <= set(each) for each in ranges for nested in NESTED)
    assert any(text != text.strip() for each in ranges for text in each)


def test_external_names_become_something_else() -> None:
    begun = [
        (drawn, item["metadata"]["name"])
        for drawn in DRAWN
        for item in services(drawn)
        if item["spec"]["type"] == "ExternalName"
    ]
    assert any(
        edit.get("patch", {}).get("name") == name and "type" in edit["patch"]["patch"].get("spec", {})
        for drawn, name in begun
        for step in drawn["steps"]
        for edit in inner_edits(step) or [step]
    )


def test_slices_are_made_anew_for_other_services_but_their_label_is_not_edited() -> None:
    slices = [edit["apply"] for edit in edits() if edit.get("apply", {}).get("kind") == "EndpointSlice"]
    of = {(item["metadata"]["name"][0], item["metadata"]["labels"][SERVICE_NAME]) for item in slices}
    assert any(name != service for name, service in of)
    labels = [edit["patch"]["patch"].get("metadata", {}).get("labels", {}) for edit in edits() if "patch" in edit]
    assert not any(SERVICE_NAME in each for each in labels)


def test_two_fields_are_edited_in_one_write() -> None:
    written = [edit["patch"]["patch"].get("spec", {}) for edit in edits() if "patch" in edit]
    assert any({"internalTrafficPolicy", "sessionAffinity"} <= set(each) or len(each) > 3 for each in written)


def test_slices_are_brought_back_to_what_they_were_at_first() -> None:
    back = [
        edit["apply"]["metadata"]["name"]
        for drawn in DRAWN
        for step in drawn["steps"][1:]
        for edit in inner_edits(step) or [step]
        if edit.get("apply", {}).get("kind") == "EndpointSlice" and edit["apply"] in drawn["objects"]
    ]
    assert len(back) > 5


def test_endpoints_lose_their_node_and_get_it_back_but_never_another() -> None:
    """What is sent to a node that the pod is not on may come back by another way, whatever the proxy does."""
    slices = [item for drawn in DRAWN for item in drawn["objects"] if item["kind"] == "EndpointSlice"]
    slices += [edit["apply"] for edit in edits() if edit.get("apply", {}).get("kind") == "EndpointSlice"]
    named = {
        (endpoint["addresses"][0].partition(".")[0], endpoint.get("nodeName", "").partition(".")[0])
        for item in slices
        for endpoint in item["endpoints"]
    }
    assert ("${echo-0", "${echo-0") in named
    assert ("${echo-0", "") in named
    assert all(node in ("", pod) for pod, node in named)


def test_endpoints_of_all_slices_of_a_service_are_hinted() -> None:
    hinted = [
        [all("hints" in endpoint for endpoint in item["endpoints"]) for item in drawn["objects"] if "endpoints" in item]
        for drawn in DRAWN
        if sum(item["kind"] == "Service" for item in drawn["objects"]) == 1
    ]
    assert any(all(each) and len(each) > 1 for each in hinted)


def services(drawn: dict[str, Any]) -> list[dict[str, Any]]:
    """The Services that a scenario begins with."""
    return [item for item in drawn["objects"] if item["kind"] == "Service"]
