"""The client of `control.sock`, for the harness."""

import json
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from svcproof.errors import ProbeError
from svcproof.lab.directory import Directory
from svcproof.limits import Request


@dataclass(frozen=True, slots=True)
class CommandResult:
    """The exit code and the output of a command that ended."""

    code: int
    stdout: bytes
    stderr: bytes


@dataclass(frozen=True, slots=True)
class Remote:
    """Asks the process of a lab; every method raises ProbeError where it does not answer, or cannot do it."""

    lab: Directory

    def run(self, netns: str, argv: Sequence[str], timeout: float) -> CommandResult:
        """Run a command in a namespace of the lab."""
        answer = self._ask("run", timeout, netns=netns, argv=list(argv), timeout=timeout)
        if answer["code"] is None:
            raise ProbeError(f"{' '.join(argv)} on {netns} did not end within {timeout:g} s")
        return CommandResult(answer["code"], _data(answer["stdout"]), _data(answer["stderr"]))

    def start(
        self, name: str, netns: str, argv: Sequence[str], environment: Mapping[str, str], directory: Path | None = None
    ) -> None:
        """Start a program in a namespace of the lab."""
        writable = str(directory) if directory else None
        self._ask("start", 0, name=name, netns=netns, argv=list(argv), environment={**environment}, directory=writable)

    def inspect(self, name: str) -> tuple[int | None, str]:
        """Return a program's exit code (None while it runs) and its last lines."""
        answer = self._ask("inspect", 0, name=name)
        return answer["code"], answer["tail"]

    def states(self, names: Sequence[str], since: float) -> list[tuple[int | None, str]]:
        """Return of each program its exit code (None while it runs), and its halts; those are empty if there were none.

        They are those at the moment `since` of the monotonic clock or later.
        """
        states = self._ask("states", 0, names=list(names), since=since)["states"]
        return [(state["code"], state["halts"]) for state in states]

    def cpu_time(self, names: Sequence[str]) -> float:
        """Return the CPU time in seconds that programs have used, with all that they started."""
        return float(self._ask("cpu", 0, names=list(names))["seconds"])

    def await_ready(self, name: str, netns: str, url: str, within: float) -> tuple[int | None, str]:
        """Wait until a program answers at `url`, asked in the namespace, with status 200.

        Returns its exit code (None while it runs) and why it is not ready, empty where it is.
        """
        answer = self._ask("await", within, name=name, netns=netns, url=url, within=within)
        return answer["code"], answer["trouble"]

    def stop(self, name: str, kill: bool = False) -> None:
        """End a program: ask it to end, or kill it."""
        self._ask("stop", 0, name=name, kill=kill)

    def begin_capture(self, namespaces: Sequence[str]) -> int:
        """Begin to take the packets in these namespaces, and return the number of the capture."""
        return int(self._ask("capture", 0, namespaces=list(namespaces))["number"])

    def end_capture(self, number: int) -> list[dict[str, Any]]:
        """End a capture, and return its packets as `svcproof.lab.process.capture` has them."""
        packets: list[dict[str, Any]] = self._ask("captured", 0, number=number)["packets"]
        return packets

    def _ask(self, verb: str, seconds: float, **arguments: Any) -> dict[str, Any]:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(seconds + Request.LAB_CONTROL.seconds)
                connection.connect(str(self.lab.control))
                connection.sendall(json.dumps({verb: arguments}).encode() + b"\n")
                with connection.makefile("rb") as stream:
                    answer: dict[str, Any] = json.loads(stream.readline())
        except (OSError, ValueError) as error:
            raise ProbeError(f"the lab did not answer: {error}; its last words:\n{self.lab.last_words()}") from error
        if "error" in answer:
            raise ProbeError(f"the lab could not {verb} {arguments}: {answer['error']}")
        return answer


def _data(text: str) -> bytes:
    return text.encode(errors="surrogateescape")
