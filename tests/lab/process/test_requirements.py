from pathlib import Path

import pytest

from harness.lab.process import requirements
from harness.lab.process.requirements import Lack


def program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH on which every program there must be succeeds."""
    for name in requirements.PACKAGES:
        program(tmp_path, name, "exit 0")
    monkeypatch.setattr(requirements, "search_path", lambda: str(tmp_path))
    monkeypatch.setattr(requirements, "SYSCTL", tmp_path)
    return tmp_path


@pytest.fixture
def refused(tools: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine that lets an ordinary user make no namespaces."""
    program(tools, "unshare", "echo 'unshare: unshare failed: Operation not permitted' >&2; exit 1")
    monkeypatch.setattr("os.getuid", lambda: 1000)
    return tools


def test_nothing_is_missing_where_all_works(tools: Path):
    assert requirements.missing() == ()


def test_absent_programs_are_named_in_one_line_to_paste(tools: Path):
    for name in ("nft", "conntrack", "nsenter"):
        (tools / name).unlink()

    assert requirements.missing() == (
        Lack("nft, conntrack, nsenter not found", "sudo apt-get install -y nftables conntrack util-linux"),
    )


def test_a_kernel_setting_that_blocks_user_namespaces_is_named(refused: Path):
    setting = refused / "kernel" / "apparmor_restrict_unprivileged_userns"
    setting.parent.mkdir()
    setting.write_text("1\n")

    (lack,) = requirements.missing()

    assert lack.remedy == "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, or run as root"
    assert "Operation not permitted" in lack.what


def test_where_no_setting_explains_it_the_remedy_is_to_be_root(refused: Path):
    assert [lack.remedy for lack in requirements.missing()] == ["run as root"]


def test_programs_in_a_lab_are_not_led_out_of_it(monkeypatch: pytest.MonkeyPatch):
    for name in ("HTTPS_PROXY", "http_proxy", "NO_PROXY", "KUBECONFIG", "KUBERNETES_SERVICE_HOST"):
        monkeypatch.setenv(name, "elsewhere")
    monkeypatch.setenv("COLOUR", "blue")

    given = requirements.environment()

    assert "elsewhere" not in given.values()
    assert given["COLOUR"] == "blue"


def test_a_kernel_without_nftables_is_told_from_one_without_namespaces(tools: Path):
    program(tools, "unshare", "echo 'Error: Could not process rule: Operation not supported' >&2; exit 1")

    (lack,) = requirements.missing()

    assert "Could not process rule" in lack.what
    assert "modprobe" in lack.remedy


def test_a_lab_is_for_linux(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.platform", "darwin")

    assert "darwin" in requirements.missing()[0].what
