"""The programs of a lab, without a lab: `enter` is replaced by nothing, so these run anywhere."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from svcproof.lab.directory import Directory
from svcproof.lab.process import enter, output
from svcproof.lab.process import programs as running
from svcproof.lab.process.programs import Programs, TooMuchOutputError

PART = 1 << 17


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    monkeypatch.setattr(enter, "inside", _in_its_directory)
    monkeypatch.setattr(running, "LARGEST_OUTPUT", PART)
    monkeypatch.setattr(output, "PART", PART)
    (tmp_path / "logs").mkdir()
    return Programs(Directory(tmp_path))


def _in_its_directory(lab: Directory, netns: str, argv: Sequence[str], *, directory: Path | None = None, **_: object):
    return ("env", "--chdir", str(directory or "/"), *argv)


async def ended(programs: Programs, name: str) -> int:
    while (code := (await programs.inspect(name))[0]) is None:
        await asyncio.sleep(0.01)
    return code


def test_a_command_returns_its_exit_code_and_what_it_printed(programs: Programs):
    result = asyncio.run(programs.run("node-a", ["sh", "-c", "echo out; echo err >&2; exit 3"], 10))

    assert (result.code, result.stdout, result.stderr) == (3, b"out\n", b"err\n")


def test_a_command_that_does_not_end_in_time_is_ended_with_what_it_started(programs: Programs, tmp_path: Path):
    held = tmp_path / "held"
    script = f"(sleep 60; touch {held}) & echo $! > {tmp_path}/child; sleep 60"

    result = asyncio.run(programs.run("node-a", ["sh", "-c", script], 0.5))

    assert result.code is None
    child = Path("/proc") / (tmp_path / "child").read_text().strip() / "stat"
    assert not child.exists() or child.read_text().rpartition(")")[2].split()[0] == "Z"


def test_a_command_that_prints_without_end_is_ended(programs: Programs):
    with pytest.raises(TooMuchOutputError):
        asyncio.run(programs.run("node-a", ["yes"], 60))


def test_a_programs_exit_code_and_last_lines_are_kept(programs: Programs):
    async def scenario() -> tuple[int | None, str]:
        script = "for n in $(seq 100); do echo line $n; done; exit 5"
        await programs.start("proxy", "node-a", ["sh", "-c", script], {})
        await ended(programs, "proxy")
        return await programs.inspect("proxy")

    code, tail = asyncio.run(scenario())

    assert code == 5
    assert tail.splitlines() == [f"line {n}" for n in range(81, 101)]


def test_a_program_gets_its_environment_and_directory(programs: Programs, tmp_path: Path):
    async def scenario() -> str:
        await programs.start(
            "proxy", "node-a", ["sh", "-c", "echo $COLOUR in $(pwd)"], {"COLOUR": "blue"}, str(tmp_path)
        )
        await ended(programs, "proxy")
        return (await programs.inspect("proxy"))[1]

    assert asyncio.run(scenario()) == f"blue in {tmp_path}"


def runs(pid: str) -> bool:
    try:
        return (Path("/proc") / pid / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_stopping_a_program_ends_what_it_started_even_if_it_will_not(
    programs: Programs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(running, "PATIENCE", 0.2)

    async def scenario() -> None:
        script = f"trap '' TERM; sleep 60 & echo $! > {tmp_path}/child; while :; do sleep 1; done"
        await programs.start("proxy", "node-a", ["sh", "-c", script], {})
        while not (told := tmp_path / "child").exists() or not told.read_text():
            await asyncio.sleep(0.01)
        await programs.stop("proxy")
        async with asyncio.timeout(10):
            while runs(told.read_text().strip()):
                await asyncio.sleep(0.01)

    asyncio.run(scenario())


def test_a_flood_of_output_leaves_its_beginning_and_its_end_on_a_bounded_disk(programs: Programs, tmp_path: Path):
    before = 0.0

    async def scenario() -> None:
        nonlocal before
        before = time.time()
        script = f"echo first; yes flood | head -c {5 * PART}; echo last"
        await programs.start("proxy", "node-a", ["sh", "-c", script], {})
        await ended(programs, "proxy")

    asyncio.run(scenario())

    kept = list((tmp_path / "logs").glob("proxy*.log"))
    lines = list(output.lines(tmp_path / "logs" / "proxy.log"))
    times, texts = zip(*lines, strict=True)
    assert sum(file.stat().st_size for file in kept) < 4 * PART
    assert texts[0] == "first"
    assert texts[-1].endswith("last")
    assert output.LEFT_OUT in texts
    assert list(times) == sorted(times)
    assert before <= times[0] <= times[-1] <= time.time()


def test_a_program_runs_on_where_its_log_cannot_be_written(programs: Programs, tmp_path: Path):
    async def scenario() -> tuple[int, str]:
        (tmp_path / "logs" / "proxy.log").symlink_to("/dev/full")
        await programs.start("proxy", "node-a", ["sh", "-c", "head -c 1000000 /dev/zero; echo; echo done; exit 4"], {})
        code = await ended(programs, "proxy")
        return code, (await programs.inspect("proxy"))[1]

    code, tail = asyncio.run(scenario())

    assert code == 4
    assert "its log cannot be written: No space left on device" in tail
