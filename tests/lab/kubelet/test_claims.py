"""Volumes of claims: a directory that the lab made, shared by its nodes, or a hostPath."""

from typing import Any

import pytest

from tests.lab.kubelet.conftest import MiniLab, Pod, shell

pytestmark = pytest.mark.lab
CLAIMS = "/api/v1/namespaces/default/persistentvolumeclaims"
VOLUMES = "/api/v1/persistentvolumes"
MADE = {"pv.kubernetes.io/provisioned-by": "svcproof/lab-directory"}


def bound(lab: MiniLab, name: str, source: dict[str, Any], annotations: dict[str, str] | None = None) -> None:
    common = {"accessModes": ["ReadWriteOnce"], "storageClassName": ""}
    spec = {**common, "capacity": {"storage": "1Mi"}, **source}
    lab.create(VOLUMES, {"metadata": {"name": name, "annotations": annotations or {}}, "spec": spec})
    claim = {**common, "volumeName": name, "resources": {"requests": {"storage": "1Mi"}}}
    lab.create(CLAIMS, {"metadata": {"name": name}, "spec": claim})
    patch = {"status": {"phase": "Bound"}}
    status, answer = lab.ask("PATCH", f"{CLAIMS}/{name}/status", patch, "application/merge-patch+json")
    assert status == 200, answer


def pod_with(lab: MiniLab, claim: str, script: str, node: str) -> Pod:
    container = shell(script, volumeMounts=[{"name": "data", "mountPath": "/data"}])
    volume = {"name": "data", "persistentVolumeClaim": {"claimName": claim}}
    return lab.pod(container, restartPolicy="Never", nodeName=node, volumes=[volume])


def test_pods_of_all_nodes_share_the_volume_that_the_lab_made(lab: MiniLab):
    bound(lab, "shared", {"hostPath": {"path": "/var/lib/svcproof/volumes/shared"}}, MADE)

    assert pod_with(lab, "shared", "echo kept > /data/file; echo done", "node-a").says() == "done\n"
    assert pod_with(lab, "shared", "cat /data/file", "node-b").says() == "kept\n"


def test_a_volume_of_kind_host_path_is_mounted(lab: MiniLab):
    bound(lab, "own", {"hostPath": {"path": "/var/lib/svcproof-test-own"}})

    assert pod_with(lab, "own", "echo kept > /data/file; cat /data/file", "node-a").says() == "kept\n"
