"""A connection held open, or a UDP socket kept: the same 5-tuple, asked again and again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter

from svcproof.agent import readings
from svcproof.limits import Judged
from svcproof.model.probe import Seen, Target

Ask = Callable[[str, object, float, TypeAdapter[Any]], Any]
Note = Callable[[Sequence[Target], Sequence[readings.Result]], Seen]


@dataclass(frozen=True, slots=True)
class Flow:
    """An open flow. `source_port` is the client's own port."""

    target: Target
    source_port: int
    number: int
    ask: Ask = field(repr=False)
    note: Note = field(repr=False)

    def exchange(self, times: int = 1, timeout: float = Judged.PROBE.usual, size: int = 0) -> Seen:
        """Ask `times` times, one after another. A flow that was refused once is refused from then on."""
        seconds = Judged.PROBE.of(timeout)
        body = {"id": self.number, "times": times, "timeout": seconds, "size": size}
        results = self.ask("/stream/exchange", body, times * seconds, readings.RESULTS)
        return self.note([self.target] * times, results)
