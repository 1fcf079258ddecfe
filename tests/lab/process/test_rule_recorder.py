"""The recorder of rules, in a namespace of its own."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tenacity import Retrying, retry_if_result, stop_after_delay, wait_fixed

from svcproof.lab.process import rule_recorder
from svcproof.lab.process.rule_recorder import KEPT, PAUSE, Kept

HOLDING = "mount -t tmpfs none /run && mkdir /run/netns && touch /run/netns/node-a && mount --bind /proc/self/ns/net"
WAITING = "/run/netns/node-a && echo ready && exec cat"
ENOUGH = 10


class Recording:
    """A node's namespace, and what the recorder keeps of it."""

    def __init__(self, holder: int, directory: Path) -> None:
        self.enter = ["nsenter", "-t", str(holder), "-U", "-n", "-m", "--preserve-credentials"]
        self.directory = directory

    def nft(self, *commands: str) -> None:
        """Make changes, each in a transaction of its own."""
        script = "\n".join(f"nft '{command}'" for command in commands)
        subprocess.run([*self.enter, "sh", "-ec", script], check=True)

    def states(self) -> dict[int, str]:
        """The rules as nft listed them, by the nanosecond at which they began, the oldest first."""
        paths = sorted((self.directory / "node-a").glob("*.json"), key=lambda path: int(path.stem))
        return {int(path.stem): json.loads(path.read_text())["nft"] for path in paths}

    def last(self) -> str:
        return next(reversed(self.states().values()), "")


def until(look: Callable[[], bool]) -> None:
    patience = Retrying(
        stop=stop_after_delay(ENOUGH), wait=wait_fixed(0.02), retry=retry_if_result(lambda seen: not seen)
    )
    patience(look)


@pytest.fixture
def recording(tmp_path: Path) -> Iterator[Recording]:
    holding = ["unshare", "-Urnm", "--kill-child", "--fork", "sh", "-c", f"{HOLDING} {WAITING}"]
    with subprocess.Popen(holding, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        assert holder.stdout.readline() == "ready\n"
        [child] = Path(f"/proc/{holder.pid}/task/{holder.pid}/children").read_text().split()
        made = Recording(int(child), tmp_path)
        program = [*made.enter, sys.executable, "-ISu", rule_recorder.__file__, str(tmp_path), "node-a"]
        made.nft("add table ip first")
        with subprocess.Popen(program) as recorder:
            try:
                until(lambda: "table ip first" in made.last())
                yield made
            finally:
                recorder.terminate()
                holder.stdin.close()


@pytest.mark.lab
def test_a_change_is_recorded_with_the_time_at_which_it_came(recording: Recording) -> None:
    time.sleep(2 * PAUSE)
    before = time.time_ns()
    recording.nft("add table ip second")
    after = time.time_ns()
    until(lambda: "table ip second" in recording.last())
    [*_, earlier, latest] = recording.states()
    assert earlier < before < latest < after + 2e9
    assert "table ip second" not in recording.states()[earlier]


@pytest.mark.lab
def test_a_burst_of_changes_is_listed_a_few_times_and_its_last_state_always(recording: Recording) -> None:
    began = time.monotonic()
    recording.nft(*(f"add table ip burst-{number}" for number in range(60)))
    until(lambda: "table ip burst-59" in recording.last())
    listings = (time.monotonic() - began) / PAUSE + 1
    assert len(recording.states()) <= 1 + listings


@pytest.mark.lab
def test_a_change_within_the_pause_is_listed_at_its_end(recording: Recording) -> None:
    for number in range(3):
        recording.nft(f"add table ip early-{number}")
        until(lambda number=number: f"table ip early-{number}" in recording.last())  # type: ignore[misc]
        recording.nft(f"add table ip late-{number}")
        until(lambda number=number: f"table ip late-{number}" in recording.last())  # type: ignore[misc]


@pytest.mark.timeout(10)
def test_the_latest_states_are_kept(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    for number in range(KEPT + 5):
        kept.add(number, {"nft": str(number)})
    assert {path.name for path in tmp_path.iterdir()} == {f"{number}.json" for number in range(5, KEPT + 5)}


@pytest.mark.timeout(10)
def test_fewer_states_are_kept_of_large_ones_and_at_least_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rule_recorder, "LARGEST", 250)
    kept = Kept(tmp_path)
    for number in range(4):
        kept.add(number, {"nft": "x" * 100})
    assert {path.name for path in tmp_path.iterdir()} == {"2.json", "3.json"}
    kept.add(4, {"nft": "x" * 1000})
    assert {path.name for path in tmp_path.iterdir()} == {"4.json"}
