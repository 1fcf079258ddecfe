"""Whether addresses answer this machine: shown by connecting, not by reading route tables.

Also sent to other machines, to be run there by any Python from 3.9 on: standard library only. It then reads a line of
JSON, a list of addresses with a port each, and writes one: of each the source address it has, and why it has none.
"""

from __future__ import annotations

import json
import socket
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


def all_reached(asked: Iterable[tuple[str, int]]) -> list[tuple[str, str]]:
    """Ask them one after another."""
    return [reached(*one) for one in asked]


def _source(address: str) -> str:
    """The address that packets to `address` leave with; nothing is sent."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.connect((address, SILENT))
        return str(made.getsockname()[0])


if __name__ == "__main__":
    sys.stdout.write(json.dumps(all_reached(json.loads(sys.stdin.buffer.readline()))) + "\n")
