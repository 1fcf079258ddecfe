"""Traffic from several vantages, for as long as something else goes on."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from svcproof.agent import accounting, readings
from svcproof.agent.accounting import Stream
from svcproof.agent.vantage import Vantage
from svcproof.errors import ProbeError
from svcproof.limits import Judged, Provision, carried
from svcproof.model.traffic import Manner, Streams, Traffic

PACE = 0.1
"""The time from one try of a stream to the next, in seconds: a gap is known to so much."""


@dataclass(slots=True)
class Flowing:
    """Traffic that goes on; `total` has what became of it, once it has ended."""

    streams: Streams | None = None

    @property
    def total(self) -> Streams:
        """All of it; raises RuntimeError while it goes on."""
        if self.streams is None:
            raise RuntimeError("the traffic still goes on: look at its total after the `with`")
        return self.streams


@contextmanager
def flowing(
    vantages: Iterable[Vantage],
    streams_of: Callable[[Vantage], Sequence[Stream]],
    every: float = PACE,
    timeout: float = Judged.PROBE.usual,
) -> Iterator[Flowing]:
    """Have the streams of each vantage flow until the `with` ends; a vantage without any is left alone.

    It begins once a try of each stream is over. Raises ProbeError where an agent cannot be reached.
    """
    senders = [Sender(vantage, streams, every, timeout) for vantage in vantages if (streams := streams_of(vantage))]
    flow = Flowing()
    with ThreadPoolExecutor(max(1, len(senders))) as pool:
        try:
            list(pool.map(carried(Sender.begin), senders))
            yield flow
        except BaseException:
            with suppress(ProbeError):  # what went wrong in the `with` is what is told
                list(pool.map(carried(Sender.end), senders))
            raise
        results = list(pool.map(carried(Sender.end), senders))
    flow.streams = Streams(tuple(traffic for result in results for traffic in result))


class Sender:
    """The streams of one vantage."""

    def __init__(self, vantage: Vantage, streams: Sequence[Stream], every: float, timeout: float) -> None:
        self._vantage, self._streams = vantage, tuple(streams)
        self._every, self._timeout = every, Judged.PROBE.of(timeout)
        self._began, self._number = time.monotonic(), 0

    def begin(self) -> None:
        """Begin, and wait until a try of each stream is over."""
        specs = [
            readings.probe_spec(stream.target, self._timeout, source_port=stream.source_port)
            | {"kept": stream.manner is Manner.KEPT}
            for stream in self._streams
        ]
        self._began = time.monotonic()
        body = {"streams": specs, "every": self._every, "longest": Provision.TRAFFIC_ENDED.seconds}
        self._number = self._vantage.ask("/traffic/begin", body, self._timeout, accounting.BEGUN).id

    def end(self) -> tuple[Traffic, ...]:
        """End, and record what became of the streams."""
        if not self._number:
            return ()
        vantage = self._vantage
        result = vantage.ask("/traffic/end", {"id": self._number}, self._timeout, accounting.RESULT)
        if len(result.streams) != len(self._streams):
            raise ProbeError(f"{vantage.name} sent {len(self._streams)} streams and accounts for {len(result.streams)}")
        traffic = tuple(
            accounting.account(vantage.name, vantage.node, stream, ended, self._every, self._timeout, result.seconds)
            for stream, ended in zip(self._streams, result.streams, strict=True)
        )
        vantage.recorder.record(traffic, self._began)
        return traffic
