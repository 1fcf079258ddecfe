"""The objects that a selector selects."""

import pytest

from svcproof.lab.apiserver.errors import ApiError
from svcproof.lab.apiserver.resources import known
from svcproof.lab.apiserver.selectors import field_predicate, label_predicate

LABELS = {"app": "web", "tier": "front", "example.com/zone": "a", "weight": "5"}


@pytest.mark.parametrize(
    ("selector", "selected"),
    [
        ("", True),
        ("app", True),
        ("!app", False),
        ("!missing", True),
        ("app=web", True),
        ("app==web,tier=front", True),
        ("app=web,tier=back", False),
        ("app!=web", False),
        ("missing!=x", True),
        ("app in (web, db)", True),
        ("app notin (web,db)", False),
        ("missing notin (x)", True),
        ("example.com/zone=a", True),
        ("missing=", False),
        ("weight>4", True),
        ("weight<5", False),
        (" app = web , tier in ( front ) ", True),
    ],
)
def test_labels_are_selected(selector: str, selected: bool) -> None:
    assert label_predicate(selector)(LABELS) is selected


@pytest.mark.parametrize("selector", ["a b", "=", "app in web", "app=web,", "app in (", "!!app", "app===web"])
def test_a_malformed_label_selector_is_refused(selector: str) -> None:
    with pytest.raises(ApiError, match="unable to parse requirement") as refusal:
        label_predicate(selector)

    assert refusal.value.code == 400


POD = {
    "metadata": {"name": "web", "namespace": "default"},
    "spec": {"nodeName": "node-a"},
    "status": {"phase": "Running"},
}


@pytest.mark.parametrize(
    ("selector", "selected"),
    [
        ("metadata.name=web", True),
        ("metadata.name==web,spec.nodeName=node-a", True),
        ("spec.nodeName!=node-a", False),
        ("status.phase!=Succeeded,status.phase!=Failed", True),
        ("spec.hostNetwork=false", True),
        ("status.podIP=", True),
    ],
)
def test_pods_are_selected_by_field(selector: str, selected: bool) -> None:
    assert field_predicate(known("", "pods"), selector)(POD) is selected


def test_a_node_that_says_nothing_is_schedulable() -> None:
    schedulable = field_predicate(known("", "nodes"), "spec.unschedulable=false")

    assert schedulable({"metadata": {"name": "a"}, "spec": {}})
    assert not schedulable({"metadata": {"name": "a"}, "spec": {"unschedulable": True}})


def test_a_field_that_cannot_be_selected_by_is_refused() -> None:
    with pytest.raises(ApiError, match=r"field label not supported: spec\.colour"):
        field_predicate(known("", "pods"), "spec.colour=red")
