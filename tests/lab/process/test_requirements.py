from pathlib import Path

import pytest

from svcproof.lab.process import requirements
from svcproof.lab.process.requirements import Lack
from svcproof.limits import Provision


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


@pytest.mark.parametrize(("user", "sudo"), [(0, ""), (1000, "sudo ")])
def test_absent_programs_are_named_in_one_line_to_paste(
    tools: Path, monkeypatch: pytest.MonkeyPatch, user: int, sudo: str
):
    for name in ("nft", "conntrack", "nsenter"):
        (tools / name).unlink()
    program(tools, "apt-get", "exit 0")
    monkeypatch.setenv("PATH", str(tools))
    monkeypatch.setattr("os.getuid", lambda: user)

    assert requirements.missing() == (
        Lack("nft, conntrack, nsenter not found", f"{sudo}apt-get install -y nftables conntrack util-linux"),
    )


def test_where_there_is_no_apt_the_packages_are_named_and_no_line_that_cannot_work(
    tools: Path, monkeypatch: pytest.MonkeyPatch
):
    (tools / "nft").unlink()
    monkeypatch.setenv("PATH", str(tools))

    (lack,) = requirements.missing()

    assert "apt-get" not in lack.remedy
    assert lack.remedy.endswith("the packages of Debian that have them are nftables")


TRIALS = {
    (0, "RTNETLINK answers: Operation not permitted"): "run with CAP_NET_ADMIN; in a container, with --privileged",
    (1000, "RTNETLINK answers: Operation not permitted"): "run as root",
    (0, "Error: Could not process rule: Permission denied\nadd table ip trial\n^^^^"): "run with CAP_NET_ADMIN",
    (0, "unshare: unshare failed: Operation not permitted"): "run with CAP_SYS_ADMIN",
    (0, "unshare: unshare failed: No space left on device"): "user.max_*_namespaces",
    (0, "unshare: unshare failed: Invalid argument"): "use a kernel that has all of these: mount, uts, ipc",
    (0, "Error: Unknown device type."): "modprobe -a veth",
    (1000, "RTNETLINK answers: Operation not supported"): "sudo modprobe -a veth",
    (0, "sh: 1: out of memory"): "see why: unshare",
}


@pytest.mark.parametrize(("user", "said"), TRIALS)
def test_the_remedy_is_for_what_was_said_and_for_whom(
    tools: Path, monkeypatch: pytest.MonkeyPatch, user: int, said: str
):
    program(tools, "unshare", f"echo '{said}' >&2; exit 1")
    monkeypatch.setattr("os.getuid", lambda: user)

    (lack,) = requirements.missing()

    assert lack.remedy.startswith(TRIALS[user, said]) or TRIALS[user, said] in lack.remedy
    assert said.partition("\n")[0] in lack.lacking
    assert "^" not in lack.lacking


def test_a_trial_that_does_not_end_is_told(tools: Path, monkeypatch: pytest.MonkeyPatch):
    program(tools, "unshare", "exec /bin/sleep 30")
    monkeypatch.setattr(Provision.LAB_TRIED, "usual", 0.2)

    (lack,) = requirements.missing()

    assert "did not end within 0.2 s" in lack.lacking


def test_a_kernel_setting_that_blocks_user_namespaces_is_named(refused: Path):
    setting = refused / "kernel" / "apparmor_restrict_unprivileged_userns"
    setting.parent.mkdir()
    setting.write_text("1\n")

    (lack,) = requirements.missing()

    assert lack.remedy == "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, or run as root"
    assert "Operation not permitted" in lack.lacking


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

    assert "Could not process rule" in lack.lacking
    assert "modprobe" in lack.remedy


def test_a_lab_is_for_linux(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.platform", "darwin")

    assert "darwin" in requirements.missing()[0].lacking
