"""A place to probe from: an agent in a pod, on a node, or outside the cluster."""

import json
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

from harness.agent import readings
from harness.agent.recorder import Recorder
from harness.model.cluster import Channel
from harness.model.probe import Probe, Protocol, Seen, Target, together

MARGIN = 10.0
"""Seconds an agent may take for a batch beyond the probes' own timeout."""


@dataclass(frozen=True, slots=True)
class Vantage:
    """An agent, by the name of its pod or client. `node` is empty outside the cluster."""

    name: str
    node: str
    addresses: tuple[str, ...]
    channel: Channel = field(repr=False)
    recorder: Recorder = field(repr=False)

    @property
    def address(self) -> str:
        """Its address of the primary family."""
        return self.addresses[0]

    def tcp(self, target: Target, times: int = 1, timeout: float = 2.0, size: int = 0) -> Seen:
        """Open `times` TCP connections at once."""
        return self._probe([replace(target, protocol=Protocol.TCP)], times, timeout, size)

    def udp(self, target: Target, times: int = 1, timeout: float = 2.0, size: int = 0) -> Seen:
        """Send datagrams from `times` ports at once."""
        return self._probe([replace(target, protocol=Protocol.UDP)], times, timeout, size)

    def http(self, target: Target, times: int = 1, timeout: float = 2.0, size: int = 0) -> Seen:
        """Make `times` HTTP requests at once, each over a connection of its own."""
        return self._probe([replace(target, protocol=Protocol.HTTP)], times, timeout, size)

    def probe(self, targets: Iterable[Target], times: int = 1, timeout: float = 2.0) -> Seen:
        """Probe every target `times` times, all at once, each with the protocol it names."""
        return self._probe(tuple(targets), times, timeout, 0)

    def _probe(self, targets: Sequence[Target], times: int, timeout: float, size: int) -> Seen:
        probes = [Probe(target=one, timeout=timeout, size=size) for one in targets for _ in range(times)]
        results = self.ask("/probe", {"probes": [readings.probe_spec(one) for one in probes]}, timeout)
        return self._seen([one.target for one in probes], results)

    def _seen(self, targets: Sequence[Target], results: Sequence[readings.Result]) -> Seen:
        seen = readings.seen(self.name, targets, results)
        for one in seen:
            self.recorder.record(str(one))
        return seen

    def ask(self, path: str, body: object, timeout: float = 0.0) -> Any:
        """POST to the agent what JSON can hold, and return what it answers; raises ProbeError."""
        return json.loads(self.channel.ask(path, json.dumps(body).encode(), timeout + MARGIN))


def sweep(vantages: Iterable[Vantage], targets: Iterable[Target], times: int = 1, timeout: float = 2.0) -> Seen:
    """Probe every target from every vantage, all at once: what must stay silent costs one timeout, not many."""
    where, to = tuple(vantages), tuple(targets)
    if not where:
        return Seen(())
    with ThreadPoolExecutor(len(where)) as pool:
        return together(list(pool.map(lambda one: one.probe(to, times, timeout), where)))
