"""The history of a namespace: what was there when a check began, and each state that followed."""

import itertools
import time

import pytest

from svcproof.kubernetes.api.history import History

NUMBERS = itertools.count(1)
pytestmark = pytest.mark.timeout(60)


def service(name, namespace, **spec):
    ports = [{"port": 80, "protocol": "TCP"}]
    metadata = {"name": name, "namespace": namespace}
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": {"ports": ports, **spec}}


def states(history, began, count):
    """The states since a time, as soon as there are so many of them."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        kept = [each for each in history.since(began) if each.state.kind == "Service"]
        if len(kept) >= count:
            return kept
        time.sleep(0.02)
    raise AssertionError(f"{kept} are not {count} states")


@pytest.fixture
def namespace(kube):
    name = f"history-{next(NUMBERS)}"
    kube.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
    yield name
    kube.delete("Namespace", name)


@pytest.fixture
def history(kube, namespace):
    history = History(kube, namespace)
    history.start()
    yield history
    history.close()


def test_each_state_is_kept_with_its_time(kube, namespace, history):
    kube.create(service("older", namespace))
    states(history, 0.0, 1)
    began = time.monotonic()
    kube.patch("Service", "older", namespace, {"spec": {"externalIPs": ["198.51.100.7"]}})
    kube.delete("Service", "older", namespace)

    before, changed, gone = states(history, began, 3)

    assert before.at < 0 <= changed.at <= gone.at
    assert "externalIPs" not in before.state.content["spec"]
    assert changed.state.content["spec"]["externalIPs"] == ["198.51.100.7"]
    assert (changed.state.deleted, gone.state.deleted) == (False, True)


def test_what_was_gone_before_a_check_is_no_part_of_it(kube, namespace, history):
    kube.create(service("short-lived", namespace))
    kube.delete("Service", "short-lived", namespace)
    states(history, 0.0, 2)

    assert [each for each in history.since(time.monotonic()) if each.state.kind == "Service"] == []


def test_nothing_is_kept_once_it_is_closed(kube, namespace, history):
    kube.create(service("first", namespace))
    states(history, 0.0, 1)
    history.close()
    kube.create(service("second", namespace))
    time.sleep(0.3)

    assert [each.state.name for each in history.since(0.0) if each.state.kind == "Service"] == ["first"]
