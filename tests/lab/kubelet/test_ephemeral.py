"""Ephemeral containers, added to a pod that runs."""

from typing import Any

import pytest

from tests.lab.kubelet.conftest import MiniLab, Pod, shell

pytestmark = pytest.mark.lab
PODS = "/api/v1/namespaces/default/pods"
STRATEGIC = "application/strategic-merge-patch+json"


def add(lab: MiniLab, pod: Pod, **container: Any) -> tuple[int, Any]:
    patch = {"spec": {"ephemeralContainers": [{"name": "debug", "image": "busybox", **container}]}}
    return lab.ask("PATCH", f"{PODS}/{pod.name}/ephemeralcontainers", patch, STRATEGIC)


def state_of(seen: Any) -> Any:
    return (seen["status"].get("ephemeralContainerStatuses") or [{"state": {}}])[0]["state"]


def test_it_runs_beside_the_others_and_leaves_the_pod_as_it_is(lab: MiniLab):
    pod = lab.pod({"name": "bare", "image": "registry.k8s.io/pause"})
    pod.until_ready()

    status, answer = add(lab, pod, targetContainerName="bare", command=["sh", "-c", "hostname; exit 3"])
    assert status == 200, answer
    pod.until(lambda seen: "terminated" in state_of(seen))
    log = lab.fetch("GET", f"{PODS}/{pod.name}/log?container=debug")[1].decode()

    assert state_of(pod.get())["terminated"]["exitCode"] == 3
    assert log == f"{pod.name}\n"
    assert pod.get()["status"]["phase"] == "Running"


def test_it_ends_with_its_pod(lab: MiniLab):
    pod = lab.pod(shell("sleep 2"), restartPolicy="Never")
    pod.until(lambda seen: seen["status"].get("phase") == "Running")
    add(lab, pod, command=["sleep", "1000"])
    pod.until(lambda seen: "running" in state_of(seen))

    pod.until(lambda seen: seen["status"]["phase"] == "Succeeded" and "terminated" in state_of(seen))


def test_what_cannot_be_added_is_refused(lab: MiniLab):
    pod = lab.pod()
    name = pod.get()["spec"]["containers"][0]["name"]

    for wrong, field in (
        ({"ports": [{"containerPort": 80}]}, "spec.ephemeralContainers[0].ports"),
        ({"targetContainerName": "nobody"}, "spec.ephemeralContainers[0].targetContainerName"),
        ({"name": name}, "spec.ephemeralContainers[0].name"),
        ({"image": ""}, "spec.ephemeralContainers[0].image"),
    ):
        status, answer = add(lab, pod, **wrong)
        assert status == 422
        assert [cause["field"] for cause in answer["details"]["causes"]] == [field]


def test_one_that_is_there_can_neither_be_changed_nor_added_in_another_way(lab: MiniLab):
    pod = lab.pod()
    add(lab, pod)

    assert add(lab, pod, image="alpine")[0] == 422
    body = pod.get()
    body["spec"]["ephemeralContainers"].append({"name": "second", "image": "busybox"})
    assert lab.ask("PUT", f"{PODS}/{pod.name}", body)[0] == 422
