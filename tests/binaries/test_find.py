"""The order in which places are asked for a component, and what is said when none has it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from svcproof.binaries import How, find, look
from svcproof.binaries.cache import cache
from svcproof.errors import ProvisionError, UsageError

Program = Callable[[Path, str], Path]


def test_the_environment_goes_before_path(
    bare: Path, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(bare / "kube-proxy", "Kubernetes v1.30.4")
    ours = program(tmp_path / "assets/kube-proxy", "Kubernetes v1.33.13")
    monkeypatch.setenv("KUBEBUILDER_ASSETS", str(ours.parent))

    found = find("kube-proxy")

    assert (found.path, found.version, found.how) == (ours, "1.33.13", How.ENVIRONMENT)


def test_a_single_program_goes_before_the_folder(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBEBUILDER_ASSETS", str(program(tmp_path / "a/kube-proxy", "Kubernetes v1.30.4").parent))
    single = program(tmp_path / "b/mine", "Kubernetes v1.33.13")
    monkeypatch.setenv("TEST_ASSET_KUBE_PROXY", str(single))

    assert find("kube-proxy").path == single


def test_a_variable_that_names_no_program_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_ASSET_KUBE_PROXY", "/nowhere/kube-proxy")

    with pytest.raises(UsageError, match="TEST_ASSET_KUBE_PROXY=/nowhere/kube-proxy: there is no such program"):
        find("kube-proxy")


@pytest.mark.parametrize(
    ("name", "says", "version"),
    [
        ("kube-proxy", "Kubernetes v1.36.3", "1.36.3"),
        ("kubectl", "Client Version: v1.36.3\nKustomize Version: v5.7.1", "1.36.3"),
        ("etcd", "etcd Version: 3.6.8\nGit SHA: abc\nGo Version: go1.26.1", "3.6.8"),
        ("coredns", "CoreDNS-1.14.2\nlinux/amd64, go1.26.8,", "1.14.2"),
        ("kind", "kind v0.33.0 go1.26.8 linux/amd64", "0.33.0"),
    ],
)
def test_whatever_is_on_path_is_taken_when_no_version_is_asked(
    bare: Path, program: Program, name: str, says: str, version: str
) -> None:
    program(bare / name, says)

    assert (find(name).version, find(name).how) == (version, How.PATH)


def test_path_is_passed_over_for_another_version_and_says_so(bare: Path, program: Program) -> None:
    program(bare / "kube-proxy", "Kubernetes v1.30.4")
    kept = program(cache() / "kube-proxy-1.33.13/kube-proxy", "Kubernetes v1.33.13")
    said: list[str] = []

    found = find("kube-proxy", "v1.33.13", progress=said.append)

    assert (found.path, found.how) == (kept, How.CACHE)
    assert said == [f"{bare}/kube-proxy is not taken: it is 1.30.4, not 1.33.13"]


def test_a_program_that_does_not_run_is_passed_over(bare: Path, program: Program) -> None:
    program(bare / "kube-proxy", "I am something else")

    assert look("kube-proxy") is None


def test_the_cache_keeps_versions_apart(program: Program) -> None:
    program(cache() / "kube-proxy-1.33.13/kube-proxy", "Kubernetes v1.33.13")

    assert look("kube-proxy", "1.36.3") is None
    assert look("kube-proxy", "1.33.13") is not None


def test_an_unknown_component_is_told_with_near_ones() -> None:
    with pytest.raises(UsageError, match=r"no component 'kubeproxy' is known \(did you mean kube-proxy"):
        find("kubeproxy")


def test_a_version_must_be_one() -> None:
    with pytest.raises(UsageError, match=r"'latest' is not a version such as 1\.\d+\.\d+"):
        find("kube-proxy", "latest")


def test_a_failure_tells_every_way_that_was_tried_and_the_remedy(
    bare: Path, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("svcproof.binaries.release.SITE", "http://127.0.0.1:9")
    go = program(bare / "go", "go version go1.26.0 linux/amd64")
    go.write_text(go.read_text() + '[ "$1" = version ] || { echo "proxy: connection refused" >&2; exit 1; }\n')

    with pytest.raises(ProvisionError) as failed:
        find("kube-proxy", "1.33.13")

    said = str(failed.value)
    assert "kube-proxy 1.33.13 could not be obtained" in said
    assert "http://127.0.0.1:9/v1.33.13/bin/linux/" in said
    assert "mod download -json k8s.io/kubernetes@v1.33.13 failed with exit code 1" in said
    assert "proxy: connection refused" in said
    assert "put kube-proxy 1.33.13 on PATH" in said
    assert sorted(path.name for path in (cache() / "kube-proxy-1.33.13").iterdir()) == ["lock"]


def test_a_cache_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))

    with pytest.raises(ProvisionError, match=r"cannot be written \(Not a directory\): set XDG_CACHE_HOME"):
        find("kube-proxy")
