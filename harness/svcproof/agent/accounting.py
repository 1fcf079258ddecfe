"""From the tries of an agent to the account of its traffic. Pure functions."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, TypeAdapter

from svcproof.agent.readings import Name, Reading
from svcproof.model.probe import Outcome, Target
from svcproof.model.traffic import Manner, Traffic

Seconds = Annotated[float, Field(ge=0)]
Count = Annotated[int, Field(ge=0)]
Try = tuple[Seconds, Seconds, Outcome, Name | str, Name | str]
"""A try: when it began and how long it took, in seconds, its outcome, the pod that answered, and the error."""


class StreamResult(Reading):
    """The result of one stream of tries."""

    unsent: Count
    late: Seconds
    broken: Count
    tries: tuple[Try, ...]


class TrafficResult(Reading):
    """The result of traffic: how long it went on, and each of its streams in the order that was asked for."""

    seconds: Seconds
    streams: tuple[StreamResult, ...]


class Begun(Reading):
    """Traffic that has begun."""

    id: int


BEGUN, RESULT = TypeAdapter(Begun), TypeAdapter(TrafficResult)


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream of tries to ask for. `pods` are the names of those that may answer; None where anybody may.

    All its sockets have the port `source_port`, where that is not 0.
    """

    target: Target
    manner: Manner
    pods: frozenset[str] | None = None
    source_port: int = 0


def account(
    vantage: str, node: str, stream: Stream, result: StreamResult, every: float, timeout: float, seconds: float
) -> Traffic:
    """Account for one stream whose tries were `every` seconds apart and had `timeout` seconds each."""
    tries = sorted(result.tries)
    backends = Counter(pod for *_, pod, _ in tries if pod)
    longest, at = longest_gap(tries, every, timeout if stream.manner is Manner.KEPT else 0.0)
    return Traffic(
        vantage=vantage,
        node=node,
        target=stream.target,
        manner=stream.manner,
        every=every,
        seconds=round(seconds, 4),
        sent=len(tries),
        unsent=result.unsent,
        late=result.late,
        outcomes=dict(sorted(Counter(outcome for _, _, outcome, _, _ in tries).items())),
        broken=result.broken,
        longest_gap=round(longest, 4),
        gap_at=at,
        backends=dict(sorted(backends.items())),
        wrong=wrong(backends, stream.pods),
    )


def wrong(backends: Collection[str], pods: frozenset[str] | None) -> tuple[str, ...]:
    """The names of those that answered and should not have."""
    return () if pods is None else tuple(sorted(set(backends) - pods))


def longest_gap(tries: Sequence[Try], every: float, patience: float) -> tuple[float, float | None]:
    """The longest time through which every try was lost, and its beginning, from tries in the order they began.

    It lasts from the first that was lost until the next that was not, but after the last that was lost no longer than
    until another would have been sent: a client that could not send meanwhile has not seen that nobody would answer.
    Over a socket that is kept, where what was lost is sent again and comes late, the answer counts from when it came,
    up to `patience` seconds after that.
    """
    longest, at = 0.0, None
    first: float | None = None
    last = 0.0
    for began, took, outcome, _, _ in tries:
        if outcome is not Outcome.ANSWERED:
            first, last = began if first is None else first, began
            continue
        if first is not None:
            came = began + took if patience else began
            longest, at = max((longest, at), (_span(first, last, came, every + patience), first), key=_length)
            first = None
    if first is not None:
        longest, at = max((longest, at), (_span(first, last, last + every, every), first), key=_length)
    return longest, at


def _span(first: float, last: float, until: float, most: float) -> float:
    return last - first + min(until - last, most)


def _length(gap: tuple[float, float | None]) -> float:
    return gap[0]
