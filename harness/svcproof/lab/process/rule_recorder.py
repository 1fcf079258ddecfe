"""The recorder of the rules in the kernels of a lab's nodes: a program of its own, of a low priority.

    python3 -I -S rule_recorder.py DIRECTORY NAMESPACE...

The kernel tells it of each change of nftables, and so of what iptables-nft changes; it then lists the rules of that
node, and keeps them in `DIRECTORY/<namespace>/<nanoseconds>.json` with the time at which they were listed: an object of
what each program printed, by its name. Where states follow each other closely, or the machine is busy, some are missed.
Rules that legacy iptables makes are not told of by the kernel.
"""

import ctypes
import json
import os
import select
import socket
import sys
import time
from pathlib import Path

NAMESPACES = Path("/run/netns")
CLONE_NEWNET = 0x40000000
NETLINK_NETFILTER, NETLINK_GROUP_NFTABLES = 12, 7
SOL_NETLINK, NETLINK_ADD_MEMBERSHIP = 270, 1
LISTINGS = (("nft", "list", "ruleset"),)
LISTINGS_OF_IPTABLES = (("iptables-save",), ("ip6tables-save",))
BY_IPTABLES = b"managed by iptables-nft"
NICENESS = 5
"""A third of what others get of a busy machine: no check waits for it, and yet it is not forgotten."""
KEPT = 100
"""States kept of a node."""
LARGEST = 16 << 20
"""Bytes of what is kept of a node."""


class Node:
    """The rules of one node: a socket on which its kernel tells of changes, and what they were last."""

    def __init__(self, directory: Path, name: str) -> None:
        self.directory = directory / name
        self.directory.mkdir()
        self.namespace = os.open(NAMESPACES / name, os.O_RDONLY | os.O_CLOEXEC)
        self.enter()
        self.changes = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER)
        self.changes.bind((0, 0))
        self.changes.setblocking(False)
        self.changes.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, NETLINK_GROUP_NFTABLES)
        self.last: dict[str, str] = {}

    def fileno(self) -> int:
        """The descriptor that can be read when something has changed."""
        return self.changes.fileno()

    def enter(self) -> None:
        """Enter its network namespace; this process has one thread."""
        if ctypes.CDLL(None, use_errno=True).setns(self.namespace, CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), f"cannot enter the namespace of {self.directory.name}")

    def forget_changes(self) -> None:
        """Read all that the kernel has told so far; what it could not tell was a change too."""
        while True:
            try:
                self.changes.recv(1, socket.MSG_TRUNC)
            except BlockingIOError:
                return
            except OSError:
                continue

    def record(self) -> None:
        """List its rules and keep them, unless they are what they were."""
        self.enter()
        rules = listed()
        if rules and rules != self.last:
            self.last = rules
            draft = self.directory / "draft"
            draft.write_text(json.dumps(rules))
            draft.replace(self.directory / f"{time.time_ns()}.json")
            self.prune()

    def prune(self) -> None:
        """Remove the oldest states, where there are too many or they are too large."""
        states = sorted(self.directory.glob("*.json"), key=lambda state: int(state.stem), reverse=True)
        total = 0
        for number, state in enumerate(states):
            total += state.stat().st_size
            if number and (number >= KEPT or total > LARGEST):
                state.unlink()


def listed() -> dict[str, str]:
    """The rules of the namespace that this process is in, by program."""
    texts: dict[str, str] = {}
    warned = b""
    for command in LISTINGS:
        output, warned = run(command)
        texts[command[0]] = output.decode(errors="replace")
    if BY_IPTABLES in warned:
        texts |= {command[0]: run(command)[0].decode(errors="replace") for command in LISTINGS_OF_IPTABLES}
    return {program: text for program, text in texts.items() if text}


def run(command: tuple[str, ...]) -> tuple[bytes, bytes]:
    """The standard output and the standard error of a command; nothing where it is not there."""
    with os.fdopen(os.memfd_create("output"), "w+b") as output, os.fdopen(os.memfd_create("error"), "w+b") as error:
        redirected = [(os.POSIX_SPAWN_DUP2, output.fileno(), 1), (os.POSIX_SPAWN_DUP2, error.fileno(), 2)]
        try:
            os.waitpid(os.posix_spawnp(command[0], command, os.environ, file_actions=redirected), 0)
        except FileNotFoundError:
            return b"", b""
        output.seek(0)
        error.seek(0)
        return output.read(), error.read()


def main() -> None:
    """Record until the process is ended."""
    os.nice(NICENESS)
    nodes = [Node(Path(sys.argv[1]), name) for name in sys.argv[2:]]
    for node in nodes:
        node.record()
    while True:
        for node in select.select(nodes, [], [])[0]:
            node.forget_changes()
            node.record()


if __name__ == "__main__":
    main()
