"""The kernel's part: packets to a frontend, and answers to a client whose address is kept, are handed to the proxy."""

import errno
import random
import socket
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from socket import SocketKind

from services import Endpoint, Frontend, Key, Node

IP_TRANSPARENT, IP_RECVORIGDSTADDR = 19, 20
PORT, TO_PROXY, KEEPS_ADDRESS = 15001, 0x57A1, 0x57A2
"""The port of the loopback address where the proxy listens; marks of packets that are delivered here whatever their
destination, and of sockets that have a client's address."""
SOURCE_PORTS = range(61000, 65536)
"""Ports at a client's address for connections to endpoints: above those that the client's kernel hands out."""
SOURCE_PORTS_TO_TRY = 20
"""Some may be in use."""
RULES = """
table ip userspace-proxy
delete table ip userspace-proxy
table ip userspace-proxy {
  map barriers { type ipv4_addr . inet_proto . inet_service : verdict; %s }
  set served { type ipv4_addr . inet_proto . inet_service; %s }
  set cluster-ips { type ipv4_addr; %s }
  chain refuse { meta l4proto tcp reject with tcp reset; reject; }
  %s
  chain known {
    ct mark KEEPS_ADDRESS ct direction reply meta mark set TO_PROXY accept
    meta l4proto tcp ct mark TO_PROXY ct direction original ct state established meta mark set TO_PROXY accept
    ip daddr . meta l4proto . th dport vmap @barriers
  }
  chain arriving {
    type filter hook prerouting priority mangle
    jump known
    ip daddr . meta l4proto . th dport @served ct mark set TO_PROXY meta mark set TO_PROXY goto relay
    ct state new ip daddr @cluster-ips goto refuse
  }
  chain relay {
    meta l4proto tcp tproxy to 127.0.0.1:PORT
    meta l4proto udp tproxy to 127.0.0.1:PORT
  }
  chain leaving {
    type route hook output priority mangle
    meta mark KEEPS_ADDRESS ct mark set KEEPS_ADDRESS accept
    jump known
    ip daddr . meta l4proto . th dport @served ct mark set TO_PROXY meta mark set TO_PROXY accept
    ct state new ip daddr @cluster-ips goto refuse
  }
}
"""
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
    guards = {key: f"chain guard-{'-'.join(map(str, key))}" for key in frontends}
    limits = {key: _limits(frontend, node) for key, frontend in frontends.items()}
    rules = RULES % (
        _elements(f"{names[key]} : jump {guards[key].split()[1]}" for key in frontends if limits[key]),
        _elements(names.values()),
        _elements({key[0] for key, frontend in frontends.items() if frontend.internal}),
        "\n  ".join(f"{guards[key]} {{ {'; '.join(limits[key])}; }}" for key in frontends if limits[key]),
    )
    for name in ("KEEPS_ADDRESS", "TO_PROXY", "PORT"):
        rules = rules.replace(name, str(globals()[name]))
    return rules


def _limits(frontend: Frontend, node: Node) -> list[str]:
    """Rules for whom is not served: refused where there is no endpoint, but dropped where other nodes have one."""
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
