"""lightkube, through the client that the harness uses."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from svcproof.json_objects import Object
from svcproof.kubernetes.api.kube import Kube


@pytest.fixture
def kube(kubeconfig: Path) -> Iterator[Kube]:
    client = Kube(kubeconfig)
    yield client
    client.close()


def service(**spec: object) -> Object:
    metadata = {"name": "web", "namespace": "default"}
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": {"ports": [{"port": 80}], **spec}}


def test_a_service_lives_from_creation_to_deletion(kube: Kube) -> None:
    created = kube.create(service())
    patched = kube.patch("Service", "web", "default", {"spec": {"type": "NodePort"}})
    names = {service["metadata"]["name"] for service in kube.list("Service")}
    kube.delete("Service", "web", "default")
    kube.wait_gone("Service", "web", "default", within=5)

    assert created["spec"]["clusterIP"] == patched["spec"]["clusterIP"]
    assert patched["spec"]["ports"][0]["nodePort"] in range(30000, 32768)
    assert names == {"kubernetes", "web"}


def test_an_applied_service_is_created_and_then_changed(kube: Kube) -> None:
    kube.apply(service())
    kube.apply(service(selector={"app": "web"}))

    assert kube.get("Service", "web", "default")["spec"]["selector"] == {"app": "web"}
