"""The recorder of the rules in the kernels of a lab's nodes: a program of its own, of a low priority.

    python3 -I -S rule_recorder.py DIRECTORY NAMESPACE...

The kernel tells it of each change of nftables, and so of what iptables-nft changes; it then lists the rules of that
node, at most four times in a second, and keeps them in `DIRECTORY/<namespace>/<nanoseconds>.json`, with the time at
which they became so: an object of what each program printed, by its name. Where states follow each other closely, or
the machine is busy, some are missed, but never the last. Of rules that legacy iptables makes the kernel does not tell.
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
PAUSE = 0.25
"""Seconds between two listings of a node: each takes a proxy's time of a busy machine away from it."""


class Kept:
    """The states of a node in its directory, the oldest first: few enough, and not too large."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.sizes: dict[Path, int] = {}

    def add(self, at: int, rules: dict[str, str]) -> None:
        """Write a state that began at this time, in nanoseconds, and remove what is too much."""
        draft, state = self.directory / "draft", self.directory / f"{at}.json"
        self.sizes[state] = draft.write_bytes(json.dumps(rules).encode())
        draft.replace(state)
        while len(self.sizes) > 1 and (len(self.sizes) > KEPT or sum(self.sizes.values()) > LARGEST):
            oldest = next(iter(self.sizes))
            oldest.unlink()
            del self.sizes[oldest]


class Node:
    """The rules of one node: a socket on which its kernel tells of changes, and what they were last."""

    def __init__(self, directory: Path, name: str) -> None:
        self.name = name
        (directory / name).mkdir()
        self.kept = Kept(directory / name)
        self.namespace = os.open(NAMESPACES / name, os.O_RDONLY | os.O_CLOEXEC)
        self.enter()
        self.changes = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER)
        self.changes.bind((0, 0))
        self.changes.setblocking(False)
        self.changes.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, NETLINK_GROUP_NFTABLES)
        self.last: dict[str, str] = {}
        self.changed_at, self.recorded_at = time.time_ns(), 0
        self.is_behind = True
        self.rests_until = time.monotonic()

    def fileno(self) -> int:
        """The descriptor that can be read when something has changed."""
        return self.changes.fileno()

    def enter(self) -> None:
        """Enter its network namespace; this process has one thread."""
        if ctypes.CDLL(None, use_errno=True).setns(self.namespace, CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), f"cannot enter the namespace of {self.name}")

    def hear_changes(self) -> bool:
        """Read all that the kernel has told so far, if anything; what it could not tell was a change too."""
        has_changed = False
        while True:
            try:
                self.changes.recv(1, socket.MSG_TRUNC)
            except BlockingIOError:
                return has_changed
            except OSError:
                pass
            has_changed = self.is_behind = True
            self.changed_at = time.time_ns()

    def record(self) -> None:
        """List its rules and keep them, unless they are what they were.

        A change that came while they were listed may be in them: they are no older than it, and are listed again.
        """
        self.enter()
        self.hear_changes()
        self.is_behind, began = False, self.changed_at
        rules = listed()
        if self.hear_changes():
            began = self.changed_at
        self.rests_until = time.monotonic() + PAUSE
        if rules and rules != self.last:
            self.last = rules
            self.recorded_at = max(began, self.recorded_at + 1)
            self.kept.add(self.recorded_at, rules)


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
    while True:
        due = min((node.rests_until for node in nodes if node.is_behind), default=None)
        patience = None if due is None else max(0.0, due - time.monotonic())
        for node in select.select(nodes, [], [], patience)[0]:
            node.hear_changes()
        for node in nodes:
            if node.is_behind and node.rests_until <= time.monotonic():
                node.record()


if __name__ == "__main__":
    main()
