"""Commands of other programs: their output, their last lines, and their end."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from svcproof import commands
from svcproof.commands import Command, CommandError, NotStartedError, OverdueError
from svcproof.limits import Request

pytestmark = pytest.mark.timeout(60)


def sh(script: str, within: float = 20.0) -> Command:
    return Command(("sh", "-c", script), within)


def test_output_and_variables_are_passed_on(tmp_path: Path) -> None:
    command = Command(("sh", "-c", 'echo "$WORD $(pwd)"'), 20, variables={"WORD": "one"}, directory=tmp_path)

    assert command.output() == f"one {tmp_path}\n"


def test_an_exit_code_is_no_error_where_it_is_asked_for() -> None:
    completed = sh("echo a; echo b >&2; exit 3").run()

    assert (completed.code, completed.stdout, completed.stderr) == (3, b"a\n", b"b\n")


def test_a_command_that_fails_is_told_with_its_last_lines() -> None:
    with pytest.raises(CommandError) as failure:
        sh("seq 100; echo no such thing >&2; exit 3").output()

    lines = str(failure.value).splitlines()
    assert lines[0].endswith("failed with exit code 3; its last lines:")
    assert lines[1] == "  86"
    assert lines[-1] == "  no such thing"
    assert failure.value.printed.startswith("1\n2\n")


def test_a_secret_is_left_out_of_messages() -> None:
    with pytest.raises(CommandError, match=r"its last lines:\n  expired$"):
        Command(("sh", "-c", "echo token; echo expired >&2; exit 1"), 20, confidential=True).output()


def test_the_stack_of_a_go_program_hides_nothing() -> None:
    stack = "\n".join(f"k8s.io/kubeadm.f{number}\n\tapp/kubeadm.go:{number}" for number in range(20))
    with pytest.raises(CommandError, match=r"its last lines:\n  the kubelet is not healthy$"):
        sh(f"echo 'the kubelet is not healthy\n{stack}'; exit 1").output()


def test_a_program_that_is_not_there_is_told() -> None:
    with pytest.raises(NotStartedError, match=r"could not start \./nowhere: No such file"):
        Command(("./nowhere",), 20).run()


def test_a_command_with_a_name_is_told_by_it() -> None:
    with pytest.raises(CommandError, match=r"^making tea failed with exit code 1; it printed nothing$"):
        Command(("false",), 20, name="making tea").output()


def test_a_command_that_takes_too_long_is_killed_with_all_it_has_started(tmp_path: Path) -> None:
    with pytest.raises(OverdueError, match=r"(?s)was not over after 0.5 s; its last lines:\n  begun"):
        sh(f"sleep 300 & echo $! > {tmp_path}/child; echo begun; wait", within=0.5).output()

    assert _has_ended(int((tmp_path / "child").read_text()))


def test_a_program_that_outlives_its_kill_in_another_session_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Request.OUTPUT_READ, "usual", 0.2)
    began = time.monotonic()

    with pytest.raises(CommandError, match="begun"):
        sh(f"setsid sleep 30 & echo $! > {tmp_path}/child; echo begun; wait", within=0.5).output()

    assert time.monotonic() - began < 15
    os.kill(int((tmp_path / "child").read_text()), signal.SIGKILL)


def test_a_large_input_and_output_pass() -> None:
    sent = b"x" * 1_000_000

    assert Command(("cat",), 30, sent=sent).run().stdout == sent


def test_input_that_is_not_read_is_no_error() -> None:
    assert Command(("true",), 20, sent=b"x" * 1_000_000).run().code == 0


def test_an_input_that_is_held_stays_open_until_the_command_ends() -> None:
    script = "import select, sys; print(select.select([sys.stdin], [], [], 0.3)[0])"

    assert Command((sys.executable, "-c", script), 20, held=True).output() == "[]\n"
    assert Command((sys.executable, "-c", script), 20).output() != "[]\n"


def test_lines_are_told_as_they_come_each_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "LOOK_EVERY", 0.1)
    lines: list[tuple[str, float]] = []
    began = time.monotonic()

    Command(
        ("sh", "-c", "echo a; printf b; sleep 1; echo c; echo d"), 20,
        on_line=lambda line: lines.append((line, time.monotonic() - began)),
    ).run()  # fmt: skip

    assert [line for line, _ in lines] == ["a", "bc", "d"]
    assert lines[0][1] < lines[1][1] - 0.3


def test_the_seconds_that_a_long_command_takes_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "LOOK_EVERY", 0.05)
    monkeypatch.setattr(commands, "TELL_EVERY", 0.2)
    seconds: list[float] = []

    Command(("sleep", "1"), 20, on_wait=seconds.append).run()

    assert 2 <= len(seconds) <= 5


def test_an_interrupt_kills_the_command(tmp_path: Path) -> None:
    shell = f"sleep 300 & echo $! > {tmp_path}/draft; mv {tmp_path}/draft {tmp_path}/child; wait"
    script = f"from svcproof.commands import Command; Command(('sh', '-c', {shell!r}), 60).run()"
    with subprocess.Popen((sys.executable, "-c", script), stderr=subprocess.DEVNULL) as process:
        until = time.monotonic() + 30
        while not (tmp_path / "child").exists() and time.monotonic() < until:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        assert process.wait(20)

    assert _has_ended(int((tmp_path / "child").read_text()))


def _has_ended(number: int) -> bool:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            if Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False
