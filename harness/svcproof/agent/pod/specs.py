"""Requests of the harness, checked before anything begins: of a later mistake nobody could be told."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any

from wire import PAYLOAD, is_address

PROTOCOLS = ("tcp", "udp", "http", "sctp")
HOUR = 3600.0
PATH = re.compile(r"/[!-~]*")


def each(specs: Any, check: Callable[[Any], None]) -> None:
    """Raise ValueError where this is no list, or `check` does for one of its items."""
    if not isinstance(specs, list):
        raise ValueError("what is asked for is a list")
    for spec in specs:
        check(spec)


def probe(spec: Any) -> None:
    """Raise ValueError where this is no probe."""
    if not is_address(str(spec["address"])):  # the C library would look a name up, and all the rest wait for that
        raise ValueError(f"no address: {spec['address']!r:.60}")
    listener(spec)
    port(spec.get("source_port", 0))
    patience(spec["timeout"])
    number("size", spec.get("size", 0), PAYLOAD)


def query(spec: Any) -> None:
    """Raise ValueError where this is no DNS query."""
    probe(spec)
    base64.b64decode(spec["payload"], validate=True)


def status(spec: Any) -> None:
    """Raise ValueError where this does not say which path of an HTTP server is asked for."""
    probe(spec)
    if not isinstance(spec["path"], str) or not PATH.fullmatch(spec["path"]):
        raise ValueError(f"path is none of a URL: {spec['path']!r:.60}")


def listener(spec: Any) -> None:
    """Raise ValueError where this names no protocol and port."""
    if spec["protocol"] not in PROTOCOLS:
        raise ValueError(f"no such protocol: {spec['protocol']!r}")
    port(spec["port"])


def exchange(spec: Any) -> None:
    """Raise ValueError where this does not say how often a flow is to be asked, and for how much."""
    number("times", spec["times"], 1 << 20)
    patience(spec["timeout"])
    number("size", spec.get("size", 0), PAYLOAD)


def traffic(body: Any) -> None:
    """Raise ValueError where this does not say what traffic is to go on, at which rate and for how long at most."""
    each(body["streams"], stream)
    if not body["streams"]:
        raise ValueError("traffic has at least one stream")
    patience(body["every"])
    patience(body["longest"])


def stream(spec: Any) -> None:
    """Raise ValueError where this is no stream of traffic."""
    probe(spec)
    if type(spec["kept"]) is not bool:
        raise ValueError(f"kept is true or false, not {spec['kept']!r:.60}")
    if spec["kept"] and spec["protocol"] == "http":
        raise ValueError("a connection that is kept speaks no http")


def port(value: Any) -> None:
    """Raise ValueError where this is no port."""
    number("port", value, 65535)


def number(name: str, value: Any, most: int) -> None:
    """Raise ValueError where this is no number from 0 to `most`."""
    if type(value) is not int or not 0 <= value <= most:
        raise ValueError(f"{name} is no number from 0 to {most}: {value!r:.60}")


def patience(value: Any) -> None:
    """Raise ValueError where these are no seconds to wait."""
    if type(value) not in (int, float) or not 0 < value <= HOUR:
        raise ValueError(f"timeout is no number of seconds from 0 to {HOUR:g}: {value!r:.60}")
