"""Keeps an agent on a machine for as long as its standard input is open; then the agent and its files are gone.

Sent there by ssh, and run by any Python from 3.9 on: standard library only. It reads one line of JSON, says READY once
the agent listens, and ends with the input, and so with the ssh that has it open, however that one ends.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

READY = "svcproof: the agent listens"
SOCKET = "agent.sock"
LOOK = 0.1
END_WITHIN = 5.0


def keep(directory: str, files: dict[str, str], environment: dict[str, str]) -> None:
    """Have the agent, whose `files` are given by name, in a `directory` of its own until there is no more input."""
    home = Path(directory)
    home.mkdir(mode=0o700)  # One that is there already is somebody else's.
    try:
        for name, text in files.items():
            (home / name).write_text(text)
        command = (sys.executable, directory, "--control", f"unix:{home / SOCKET}")
        agent = subprocess.Popen(command, env={**os.environ, **environment}, stdin=subprocess.DEVNULL)
        try:
            _stay(agent, home / SOCKET)
        finally:
            end(agent)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _stay(agent: subprocess.Popen[bytes], socket: Path) -> None:
    said = False
    while agent.poll() is None:
        if not said and socket.exists():
            sys.stdout.write(f"{READY}\n")
            sys.stdout.flush()
            said = True
        if select.select([0], [], [], LOOK)[0] and not os.read(0, 4096):
            return
    sys.exit(f"the agent ended with {agent.returncode}")


def end(agent: subprocess.Popen[bytes]) -> None:
    """End an agent, whatever it takes, and wait for that."""
    agent.terminate()
    try:
        agent.wait(END_WITHIN)
    except subprocess.TimeoutExpired:
        agent.kill()
        agent.wait()


def _ended(*_: Any) -> None:
    sys.exit("ended by a signal")


if __name__ == "__main__":
    for _number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(_number, _ended)
    try:
        keep(**json.loads(sys.stdin.buffer.readline()))
    except OSError as why:
        sys.exit(f"the agent cannot be started: {why}")
