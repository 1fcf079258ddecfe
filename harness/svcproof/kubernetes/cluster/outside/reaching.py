"""The ways from this machine: to addresses that must answer, by connecting; to others, by asking the kernel.

Also sent to other machines, to be run there by any Python from 3.9 on: standard library only. It then reads a line of
JSON, `[[[address, port], ...], [address, ...]]`, and writes one: a pair of strings for each, as `looked` returns them.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterable

SILENT = 9
"""A port on which no node listens (discard): a connection that is accepted there was accepted by somebody else."""
WITHIN = 1.0


def reached(address: str, port: int) -> tuple[str, str]:
    """Return the source address with which `address` answers us, or an empty one and why it does not."""
    try:
        with socket.create_connection((address, SILENT), WITHIN):
            why = f"a connection to {address}:{SILENT}, where nothing listens, was accepted by something on the way"
            return "", why
    except OSError:
        pass  # as it should be
    try:
        with socket.create_connection((address, port), WITHIN) as made:
            return str(made.getsockname()[0]), ""
    except ConnectionRefusedError:
        return _source(address), ""
    except OSError as why_not:
        return "", f"{address}:{port} did not answer within {WITHIN:g} s ({why_not})"


def next_hop(address: str) -> tuple[str, str]:
    """Return the router to which the kernel would hand a packet to `address`, or an empty string and why there is none.

    Nothing is sent: whoever serves the address may be what a run is about to test.
    """
    command = ("ip", "-json", "route", "get", address)
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired) as why:
        return "", f"the kernel's route to {address} cannot be asked for ({why}): install iproute2"
    if ended.returncode:
        return "", f"the kernel has none to {address} ({ended.stderr.strip()})"
    route = json.loads(ended.stdout)[0]
    gateway = route.get("gateway") or route.get("via", {}).get("host", "")
    return gateway, "" if gateway else f"{address} is taken for one of a network of its own ({route.get('dev', '?')})"


def looked(connected: Iterable[tuple[str, int]], routed: Iterable[str]) -> list[tuple[str, str]]:
    """Return what `reached` says of each address to connect to, then what `next_hop` says of each of the others."""
    return [reached(*pair) for pair in connected] + [next_hop(address) for address in routed]


def _source(address: str) -> str:
    """The address that packets to `address` leave with; nothing is sent."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.connect((address, SILENT))
        return str(made.getsockname()[0])


if __name__ == "__main__":
    sys.stdout.write(json.dumps(looked(*json.loads(sys.stdin.buffer.readline()))) + "\n")
