"""Probes, each over a socket of its own, and batches of them: as many at once as the kernel has room for."""

from __future__ import annotations

import errno
import itertools
import resource
import socket
import uuid
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from answers import Hearing
from errnos import Result, failed
from exchange import NUMBERS, Done, Exchange, connect, drop, endpoint
from loop import Loop
from specs import each, probe
from wire import request

Spec = dict[str, Any]
"""`protocol`, `address`, `port`, `timeout`, and `source_port` and `size` where they are not 0."""
BURST, PAUSE = 128, 0.01
"""So many begin at once, and as many more in so many seconds: a server's queue of datagrams holds some 250."""
SPARE = 256
"""Descriptors left to everything but probes."""
MOST = 1024
"""Probes under way at once: more would only wait in the server's queue of connections."""
TAKEN = 5 * MOST
"""Ports in a row that others in the same network namespace may hold, who walk through them, too."""


class Batch:
    """Starts each of `specs`, never more than `most` under way, and calls `done` with the results in their order."""

    def __init__(
        self,
        loop: Loop,
        specs: list[Spec],
        start: Callable[[Spec, Done], None],
        most: int,
        done: Callable[[list[Result]], None],
    ) -> None:
        self._loop, self._specs, self._start, self._most, self._done = loop, specs, start, most, done
        self._results: list[Result] = [{}] * len(specs)
        self._begun = self._ended = self._window = 0
        self._beginning = False
        self._widen()

    def _widen(self) -> None:
        self._window = min(self._most, self._window + BURST)
        self._begin()
        if self._begun < len(self._specs):
            self._loop.after(PAUSE, self._widen_on)

    def _widen_on(self) -> None:
        if self._begun < len(self._specs):  # Else all have begun as others ended, and `done` may have been called.
            self._widen()

    def _begin(self) -> None:
        if self._beginning:  # one that ended as soon as it began: the loop below goes on
            return
        self._beginning = True
        while self._begun < len(self._specs) and self._begun - self._ended < self._window:
            index = self._begun
            self._begun += 1
            self._start(self._specs[index], partial(self._end, index))
        self._beginning = False
        if self._ended == len(self._specs):
            self._done(self._results)

    def _end(self, index: int, result: Result) -> None:
        self._results[index] = result
        self._ended += 1
        self._begin()


class Ports:
    """Walks through the ephemeral ports, so that no probe meets the conntrack entry of a recent one.

    The kernel may choose the same port again within an entry's two minutes. A probe that came before the rules of its
    Service leaves one that leads nowhere, for datagrams and, where they are dropped, for SYNs.
    """

    def __init__(self) -> None:
        low, high = Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()
        first, count = int(low), int(high) - int(low) + 1
        start = uuid.uuid4().int % count
        self._walk: Iterator[int] = (first + (start + step) % count for step in itertools.count())

    def bind(self, sock: socket.socket) -> None:
        """Bind to the next port that is free; raises OSError after many that are not."""
        for port in itertools.islice(self._walk, TAKEN):
            try:
                return sock.bind(("", port))
            except OSError:
                continue
        raise OSError(errno.EADDRINUSE, f"{TAKEN} ephemeral ports in a row are taken")


class Prober:
    """Makes probes from this pod."""

    def __init__(self, loop: Loop) -> None:
        self.loop = loop
        own = uuid.uuid4().hex[:12]
        self._nonces = (f"{own}x{number}" for number in itertools.count(1))  # of no other agent and no other probe
        self._ports = {number: Ports() for number in NUMBERS.values()}
        _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self._most = MOST if hard == resource.RLIM_INFINITY else max(1, min(MOST, hard - SPARE))

    def batch(self, specs: list[Spec], done: Callable[[list[Result]], None]) -> None:
        """Make every probe; call `done` with the results, in order. Raises ValueError where one is no probe."""
        each(specs, probe)
        Batch(self.loop, specs, self.probe, self._most, done)

    def probe(self, spec: Spec, done: Callable[[Result], None]) -> None:
        """Make one probe over a new socket."""
        self.over_new_socket(spec, done, lambda sock, finish: self.exchange(sock, spec, finish))

    def over_new_socket(
        self, spec: Spec, done: Callable[[Result], None], ask: Callable[[socket.socket, Done], object]
    ) -> None:
        """Connect a new socket, `ask` over it, and close it before `done` is called; or say why there is none."""
        try:
            sock = self.open(spec)
        except OSError as why:
            return done(failed(why))
        result = connect(sock, spec["address"], spec["port"])
        if result is not None:
            sock.close()
            return done(result)

        def finish(result: Result) -> None:
            drop(sock)
            done(result)

        ask(sock, finish)
        return None

    def open(self, spec: Spec) -> socket.socket:
        """Make the socket for a probe, bound to the port asked for; raises OSError."""
        sock = endpoint(spec["protocol"], spec["address"])
        try:
            if spec.get("source_port"):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                sock.bind(("", spec["source_port"]))
            else:
                self._ports[sock.proto].bind(sock)
        except OSError:
            sock.close()
            raise
        return sock

    def nonce(self) -> str:
        """Return a nonce that no agent has used before."""
        return next(self._nonces)

    def exchange(
        self, sock: socket.socket, spec: Spec, done: Callable[[Result], None], stale: Mapping[str, int] | None = None
    ) -> str:
        """Ask once over a socket that is open; return the nonce used. `stale` are those used before, and sizes."""
        nonce, size = self.nonce(), spec.get("size", 0)
        ear = Hearing(spec["protocol"], nonce, size, stale)
        ask = request(spec["protocol"], nonce, size)
        Exchange(self.loop, sock, spec["address"], ask, ear, spec["timeout"], done)
        return nonce
