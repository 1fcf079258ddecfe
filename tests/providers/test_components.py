"""What the declaration of a lab wants instead of the lab's own parts."""

from pathlib import Path

import pytest

from svcproof import binaries, declare
from svcproof.binaries import Binary, How
from svcproof.errors import ProvisionError
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.providers import lab
from svcproof.providers.lab import declaration


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str | None]]:
    """The components that were looked for, with their versions; each is found, as of 1.2.3 where any will do."""
    names: list[tuple[str, str | None]] = []

    def find(name: str, version: str | None = None, **_: object) -> Binary:
        names.append((name, version))
        return Binary(Path("/bin", name), version or "1.2.3", How.PATH)

    monkeypatch.setattr(binaries, "find", find)
    return names


def spec(name: str, **keys: str) -> ClusterSpec:
    return declare.cluster(name).model_copy(update=keys)


def silent(step: str) -> None:
    pass


def test_a_lab_of_its_own_parts_looks_for_nothing(asked: list[tuple[str, str | None]]) -> None:
    assert declaration.obtained_components(spec("lab"), silent) == ()
    assert asked == []


def test_the_controllers_are_of_the_version_of_the_api_server(asked: list[tuple[str, str | None]]) -> None:
    declaration.obtained_components(spec("lab-kubernetes"), silent)

    assert asked == [("etcd", None), ("kube-apiserver", None), ("kube-controller-manager", "1.2.3")]


def test_a_version_that_is_declared_is_that_of_kubernetes_alone(asked: list[tuple[str, str | None]]) -> None:
    declaration.obtained_components(spec("lab-kubernetes", control_plane_version="1.35.4"), silent)

    assert asked == [("etcd", None), ("kube-apiserver", "1.35.4"), ("kube-controller-manager", "1.35.4")]


def test_a_component_that_cannot_be_had_is_told_before_a_lab_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def find(name: str, version: str | None = None, **_: object) -> Binary:
        raise ProvisionError(f"{name} could not be obtained")

    monkeypatch.setattr(binaries, "find", find)
    steps: list[str] = []

    with (
        pytest.raises(ProvisionError, match=r"^coredns could not be obtained$"),
        lab.up(spec("lab-coredns"), None, faults=(), progress=steps.append),
    ):
        pass
    assert steps == []


@pytest.mark.parametrize("fault", ["kubelet/any", "proxy/any", "load-balancer/any"])
def test_faults_of_parts_that_are_the_labs_own_are_not_refused(fault: str) -> None:
    assert list(declaration.faults_without_part(spec("lab-kubernetes", dns="coredns"), [fault])) == []
