"""The kernel's part: packets to a frontend, and answers to a client whose address is kept, are handed to the proxy."""

import errno
import random
import socket
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from socket import SocketKind
from string import Template

from services import Endpoint, Frontend, Key, Node

IP_TRANSPARENT, IP_RECVORIGDSTADDR = 19, 20
PORT, TO_PROXY, KEEPS_ADDRESS = 15001, 0x57A1, 0x57A2
"""The port of the loopback address where the proxy listens; marks of packets that are delivered here whatever their
destination, and of sockets that have a client's address."""
SOURCE_PORTS = range(61000, 65536)
"""Ports at a client's address for connections to endpoints: above those that the client's kernel hands out."""
SOURCE_PORTS_TO_TRY = 20
"""Some may be in use."""
RULES = Path(__file__).with_name("rules.nft").read_text()
POLICY_ROUTE = f"""
ip route replace local 0.0.0.0/0 dev lo table {TO_PROXY}
ip rule del fwmark {TO_PROXY} 2>/dev/null
ip rule add fwmark {TO_PROXY} lookup {TO_PROXY} priority 100
"""


def route_marked_packets() -> None:
    """Have packets with the mark delivered here."""
    subprocess.run(["sh", "-c", POLICY_ROUTE], check=True)


def load(rules: str) -> None:
    """Replace the table, at once or not at all; raises CalledProcessError."""
    subprocess.run(["nft", "-f", "-"], input=rules, text=True, check=True)


def render(frontends: dict[Key, Frontend], node: Node) -> str:
    """Write the table that serves the frontends."""
    names = {key: " . ".join(map(str, key)) for key in frontends}
    guards = {key: f"guard-{'-'.join(map(str, key))}" for key in frontends}
    limits = {key: _limits(frontend, node) for key, frontend in frontends.items()}
    values = {
        "KEEPS_ADDRESS": KEEPS_ADDRESS,
        "TO_PROXY": TO_PROXY,
        "PORT": PORT,
        "BARRIERS": _elements(f"{names[key]} : jump {guards[key]}" for key in frontends if limits[key]),
        "SERVED": _elements(names.values()),
        "CLUSTER_IPS": _elements({key[0] for key, frontend in frontends.items() if frontend.internal}),
        "GUARDS": "\n  ".join(
            f"chain {guards[key]} {{ {'; '.join(limits[key])}; }}" for key in frontends if limits[key]
        ),
    }
    return Template(RULES).substitute(values)


def _limits(frontend: Frontend, node: Node) -> list[str]:
    """Rules against some clients: a refusal where there is no endpoint, silence where other nodes have one."""
    if not frontend.everywhere and not frontend.here:
        return ["goto refuse"]
    limits = [f"ip saddr != {{ {', '.join(frontend.sources)} }} drop"] if frontend.sources else []
    if frontend.only_local and not frontend.here:
        pods = "".join(f"ip saddr != {pods} " for pods in node.pods)
        limits.append("drop" if frontend.internal else f"{pods}fib saddr type != local drop")
    return limits


def _elements(elements: Iterable[str]) -> str:
    listed = ", ".join(sorted(elements))
    return f"elements = {{ {listed} }};" if listed else ""


def transparent(kind: SocketKind, address: tuple[str, int], *, shared: bool = True) -> socket.socket:
    """Open a socket with an address that may be anybody's, and may be that of others too; raises OSError."""
    opened = socket.socket(socket.AF_INET, kind)
    opened.setblocking(False)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, shared)
    opened.setsockopt(socket.SOL_IP, IP_TRANSPARENT, 1)
    opened.setsockopt(socket.SOL_IP, IP_RECVORIGDSTADDR, 1)
    try:
        opened.bind(address)
    except OSError:
        opened.close()
        raise
    return opened


def connected(kind: SocketKind, source: str | None, endpoint: Endpoint) -> socket.socket:
    """Open a socket that speaks to an endpoint from a client's address, or from the node's own; raises OSError.

    A TCP connection is under way when this returns.
    """
    for attempt in range(SOURCE_PORTS_TO_TRY):
        try:
            address = (source, random.choice(SOURCE_PORTS)) if source else ("0.0.0.0", 0)
            opened = transparent(kind, address, shared=kind == SocketKind.SOCK_STREAM)
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_MARK, KEEPS_ADDRESS if source else 0)
            with suppress(BlockingIOError):
                opened.connect(endpoint)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EADDRNOTAVAIL) or attempt + 1 == SOURCE_PORTS_TO_TRY:
                raise
        else:
            break
    return opened
