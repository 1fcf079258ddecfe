from datetime import UTC, datetime
from typing import Any

from svcproof.lab.kubelet.state import ContainerState, Ended, Up, Waiting
from svcproof.lab.kubelet.status import Situation, pod_status

TIME = datetime(2030, 1, 1, tzinfo=UTC)
UP = Up(TIME, "id")
RUNNING = ContainerState(name="c", image="i", now=UP, started=True, ready=True)
DONE = ContainerState(name="c", image="i", now=Ended(code=0, started=TIME, finished=TIME, id="id"))
BROKEN = ContainerState(name="c", image="i", now=Ended(code=1, started=TIME, finished=TIME, id="id"))
CREATED = ContainerState(name="c", image="i")


def status(*main: ContainerState, policy: str = "Always", pod: Any = None, posted: Any = (), **more: Any) -> Any:
    situation = {"init": (), "initialized": True, "addresses": ("10.244.1.2",), "host": ("172.30.0.11",), **more}
    pod = {"spec": {"restartPolicy": policy}, **(pod or {})}
    return pod_status(pod, Situation(main=main, started=TIME, **situation), posted, TIME)


def condition(found: Any, kind: str) -> Any:
    return next(one for one in found["conditions"] if one["type"] == kind)


def test_a_pod_is_pending_until_every_container_has_started():
    assert status(RUNNING, CREATED)["phase"] == "Pending"
    assert status(RUNNING, RUNNING)["phase"] == "Running"


def test_a_pod_between_two_starts_of_a_container_is_running():
    crashed = ContainerState(name="c", image="i", now=Waiting("CrashLoopBackOff"), before=BROKEN.now)  # type: ignore[arg-type]

    assert status(crashed)["phase"] == "Running"


def test_the_restart_policy_decides_what_an_end_means():
    assert status(DONE)["phase"] == "Running"
    assert status(DONE, policy="OnFailure")["phase"] == "Succeeded"
    assert status(BROKEN, policy="OnFailure")["phase"] == "Running"
    assert status(DONE, BROKEN, policy="Never")["phase"] == "Failed"


def test_a_pod_that_is_over_failed_if_any_container_did():
    assert status(DONE, DONE, over=True)["phase"] == "Succeeded"
    assert status(DONE, BROKEN, over=True)["phase"] == "Failed"


def test_a_pod_is_ready_when_its_containers_and_its_gates_are():
    gate = {"spec": {"readinessGates": [{"conditionType": "gate"}]}}
    opened = {**gate, "status": {"conditions": [{"type": "gate", "status": "True"}]}}

    assert condition(status(RUNNING), "Ready")["status"] == "True"
    assert condition(status(RUNNING, pod=gate), "Ready")["reason"] == "ReadinessGatesNotReady"
    assert condition(status(RUNNING, pod=gate), "ContainersReady")["status"] == "True"
    assert condition(status(RUNNING, pod=opened), "Ready")["status"] == "True"


def test_unready_containers_are_named():
    unready = ContainerState(name="slow", image="i", now=UP)

    assert condition(status(RUNNING, unready), "Ready")["message"] == "containers with unready status: [slow]"


def test_a_condition_that_did_not_change_keeps_its_time():
    before = "2029-01-01T00:00:00Z"
    posted = [{"type": kind, "status": "True", "lastTransitionTime": before} for kind in ("Ready", "Initialized")]

    found = status(ContainerState(name="c", image="i", now=UP), posted=posted)

    assert condition(found, "Initialized")["lastTransitionTime"] == before
    assert condition(found, "Ready")["lastTransitionTime"] == "2030-01-01T00:00:00Z"


def test_addresses_of_both_families_are_listed():
    found = status(RUNNING, addresses=("10.244.1.2", "fd00::2"), host=("172.30.0.11", "fd01::11"))

    assert found["podIP"] == "10.244.1.2"
    assert found["podIPs"] == [{"ip": "10.244.1.2"}, {"ip": "fd00::2"}]
    assert found["hostIPs"] == [{"ip": "172.30.0.11"}, {"ip": "fd01::11"}]
