"""The rules of a lab's nodes as they were from time to time, kept by `rule_recorder`."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from svcproof.lab.directory import Directory
from svcproof.lab.process import rule_recorder


def start(directory: Directory, namespaces: Iterable[str]) -> None:
    """Start recording, in the process of the lab; it goes on until the lab ends."""
    program = (sys.executable, "-I", "-S", str(Path(rule_recorder.__file__)), str(directory.rules), *namespaces)
    with (directory.logs / "rules.log").open("wb") as log:
        subprocess.Popen(program, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/")


def states(directory: Directory, namespace: str) -> Iterator[tuple[float, Mapping[str, str]]]:
    """Yield the states of a node's rules, the oldest first: when each began, and the texts by program.

    Raises OSError where they cannot be read.
    """
    for path in sorted((directory.rules / namespace).glob("*.json"), key=lambda path: int(path.stem)):
        try:
            yield int(path.stem) / 1e9, json.loads(path.read_text())
        except FileNotFoundError:  # One of the oldest, removed since.
            continue
