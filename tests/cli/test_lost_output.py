"""Output that is lost changes no verdict, no exit code of a run, and leaves nothing behind."""

import os
import pty
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from svcproof.declare import suites_dir
from svcproof.declare.catalogue import catalogue
from svcproof.report import runfile

pytestmark = pytest.mark.programs

SVCPROOF = f"{sys.executable} -c 'from svcproof.cli import main; main(prog_name=\"svcproof\")'"
SMALL = "--cluster lab-single-node"
NO_SPACE = "Error: cannot write to standard output: No space left on device\n"
BAD_DESCRIPTOR = "Error: cannot write to standard output: Bad file descriptor\n"


def shell(line: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", line.replace("svcproof", SVCPROOF, 1)],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )


@pytest.mark.parametrize(("line", "code", "told"), [
    ("svcproof list | true; exit ${PIPESTATUS[0]}", 141, ""),
    ("svcproof list >/dev/full", 3, NO_SPACE),
    ("svcproof list >&-", 3, BAD_DESCRIPTOR),
    ("svcproof list >/dev/full 2>/dev/full", 3, ""),
    ("svcproof rbac >&- 2>&- <&-", 3, ""),
    ("svcproof schema proxy | true; exit ${PIPESTATUS[0]}", 141, ""),
])  # fmt: skip
@pytest.mark.timeout(60)
def test_a_command_that_only_prints_says_that_its_output_was_lost(
    tmp_path: Path, line: str, code: int, told: str
) -> None:
    ended = shell(line, tmp_path)

    assert (ended.returncode, ended.stderr) == (code, told)


@pytest.mark.parametrize("lost", [">/dev/full", ">&-", "<&-", ">&- 2>&- <&-", "| true; exit ${PIPESTATUS[0]}"])
@pytest.mark.timeout(60)
def test_a_command_that_does_something_ends_as_it_would(tmp_path: Path, lost: str) -> None:
    ended = shell(f"svcproof clean {lost}", tmp_path, TMPDIR=str(tmp_path), XDG_STATE_HOME=str(tmp_path))

    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize("lost", ["2>/dev/full", "2>&-", ">&- 2>&- <&-"])
@pytest.mark.timeout(60)
def test_wrong_usage_is_wrong_usage_whoever_hears_of_it(tmp_path: Path, lost: str) -> None:
    assert shell(f"svcproof run --cluster nowhere {lost}", tmp_path).returncode == 4


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
@pytest.mark.timeout(60)
def test_characters_that_the_terminal_lacks_are_no_error(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "é…").mkdir()

    ended = shell("svcproof run --cluster ./é…/c.yaml", tmp_path, PYTHONIOENCODING=encoding, LC_ALL="C.UTF-8")

    assert ended.returncode == 4
    assert "c.yaml" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.fixture
def place() -> Iterator[Path]:
    """A directory with a short name, for a lab's sockets."""
    with tempfile.TemporaryDirectory(prefix="so-", dir="/tmp") as made:
        yield Path(made)


@pytest.fixture(scope="module")
def behaviour() -> str:
    """The id of a core behaviour of ClusterIPs."""
    return next(one.id for one in catalogue(suites_dir()) if one.core and one.area == "cluster_ip")


@pytest.mark.lab
@pytest.mark.parametrize("lost", [
    "| head -1; exit ${PIPESTATUS[0]}",
    ">/dev/full",
    ">&-",
    ">&- 2>&- <&-",
    "--workers 2 | true; exit ${PIPESTATUS[0]}",
    "--workers 2 >&- 2>&-",
])  # fmt: skip
@pytest.mark.timeout(120)
def test_a_run_comes_to_its_verdicts_and_removes_its_lab(place: Path, behaviour: str, lost: str) -> None:
    ended = shell(f"svcproof run {SMALL} -k {behaviour} --results out {lost}", place, TMPDIR=str(place))

    assert (ended.returncode, ended.stderr) == (0, "")
    run = runfile.load(place / "out")
    assert run.exit_code(run.verdicts()) == 0
    assert (place / "out/junit.xml").exists()
    assert not list(place.glob("svcproof-*/*-*"))


@pytest.mark.lab
@pytest.mark.parametrize("hangup", [signal.SIG_IGN, signal.SIG_DFL])
@pytest.mark.timeout(180)
def test_a_run_whose_terminal_is_closed_ends_in_order(place: Path, behaviour: str, hangup: signal.Handlers) -> None:
    controller, terminal = pty.openpty()
    command = f"exec {SVCPROOF} run {SMALL} -k {behaviour} --results out"
    run = subprocess.Popen(
        ["setsid", "--ctty", "bash", "-c", command],
        cwd=place,
        env=os.environ | {"TMPDIR": str(place)},
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, hangup),
    )
    os.close(terminal)
    said = b""
    while b"making a lab" not in said:
        said += os.read(controller, 1024)
    os.close(controller)

    ignored = hangup is signal.SIG_IGN
    assert run.wait() == (0 if ignored else 2)
    assert runfile.load(place / "out").why == ("completed" if ignored else "interrupted")
    assert not list(place.glob("svcproof-*/*-*"))
