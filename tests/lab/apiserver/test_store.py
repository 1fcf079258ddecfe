"""Versions, history and what watches are told."""

import pytest

from svcproof.json_objects import Object
from svcproof.lab.apiserver.store import REMEMBERED, Store
from svcproof.lab.apiserver.watch import transition


def item(name: str, **labels: str) -> Object:
    return {"metadata": {"name": name, "namespace": "default", "labels": labels}}


def names(items: list[Object]) -> list[str]:
    return [item["metadata"]["name"] for item in items]


def test_every_write_has_a_version_of_its_own() -> None:
    store = Store()
    first = store.put("services", item("a"))
    second = store.put("services", item("a"))
    gone = store.remove("services", second)

    assert [item["metadata"]["resourceVersion"] for item in (first, second, gone)] == ["1", "2", "3"]


def test_the_past_can_be_listed() -> None:
    store = Store()
    store.put("services", item("a"))
    store.put("services", item("b"))
    store.remove("services", item("a"))
    store.put("services", item("c"))

    assert [names(store.items_at("services", version)) for version in range(5)] == [
        [],
        ["a"],
        ["a", "b"],
        ["b"],
        ["b", "c"],
    ]


def test_the_oldest_changes_are_forgotten() -> None:
    store = Store()
    for _ in range(REMEMBERED + 5):
        store.put("services", item("a"))

    assert store.oldest() == 5
    assert len(store.since("services", 5)) == REMEMBERED


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({}, {"a": "b"}, "ADDED"),
        ({"a": "b"}, {"a": "b", "c": "d"}, "MODIFIED"),
        ({"a": "b"}, {}, "DELETED"),
        ({}, {}, None),
    ],
)
def test_a_watch_with_a_selector_sees_objects_come_and_go(
    old: dict[str, str], new: dict[str, str], expected: str | None
) -> None:
    store = Store()
    store.put("services", item("a", **old))
    store.put("services", item("a", **new))
    change = store.since("services", 1)[0]

    event = transition(change, lambda item: item["metadata"]["labels"].get("a") == "b")

    assert (event[0] if event else None) == expected
    assert event is None or event[1]["metadata"]["resourceVersion"] == "2"
