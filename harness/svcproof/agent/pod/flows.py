"""Held-open connections and UDP sockets: a fixed 5-tuple over which the same backend should go on answering."""

from __future__ import annotations

import itertools
import socket
from collections import deque
from collections.abc import Callable
from typing import Any

import specs
from errnos import Result
from exchange import connect, drop
from probing import Prober, Spec

Respond = Callable[[Any], None]


class Flow:
    """One open socket, and the nonces already used over it."""

    def __init__(self, sock: socket.socket, spec: Spec) -> None:
        self.sock, self.spec = sock, spec
        self.ended: Result | None = None
        """The result of every exchange once this machine refused to connect, or ended the flow."""
        self.asked: deque[tuple[str, int]] = deque(maxlen=64)
        """Nonces and sizes of the last probes over it."""


class Flows:
    """The flows that are open, by number."""

    def __init__(self, prober: Prober) -> None:
        self._prober = prober
        self._open: dict[int, Flow] = {}
        self._numbers = itertools.count(1)

    def open(self, spec: Spec, respond: Respond) -> None:
        """Start to connect; whether that succeeds shows in the first exchange. Responds with number and port."""
        specs.probe(spec)
        sock = self._prober.open(spec)
        flow = Flow(sock, spec)
        flow.ended = connect(sock, spec["address"], spec["port"])
        if flow.ended is not None and "error" in flow.ended:
            sock.close()
            raise OSError(flow.ended["error"])
        number = next(self._numbers)
        self._open[number] = flow
        respond({"id": number, "source_port": sock.getsockname()[1]})
        return

    def exchange(self, body: dict[str, Any], respond: Respond) -> None:
        """Ask `times` times, one after another; responds with a result for each."""
        specs.exchange(body)
        flow = self._open[body["id"]]
        spec = {**flow.spec, "timeout": body["timeout"], "size": body.get("size", 0)}
        results: list[Result] = []

        def ask() -> None:
            if flow.ended is not None:
                return answered(flow.ended)
            nonce = self._prober.exchange(flow.sock, spec, answered, dict(flow.asked))
            flow.asked.append((nonce, spec["size"]))
            return None

        def answered(result: Result) -> None:
            results.append(result)
            if result.get("outcome") == "torn-down":
                flow.ended = result
            if len(results) < body["times"]:
                self._prober.loop.after(0, ask)
            else:
                respond(results)

        ask()

    def close(self, body: dict[str, Any], respond: Respond) -> None:
        """Close with a reset, as probes do."""
        drop(self._open.pop(body["id"]).sock)
        respond({})
