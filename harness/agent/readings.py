"""Reading what agents answer: JSON in, values of the model out. Pure functions."""

from collections.abc import Mapping, Sequence
from typing import Any

from harness.errors import ProbeError
from harness.model.probe import Answer, Observation, Outcome, Probe, Protocol, Seen, Target

Result = Mapping[str, Any]


def probe_spec(probe: Probe) -> dict[str, object]:
    """Put a probe as the agent takes it."""
    return {
        "protocol": probe.target.protocol,
        "address": probe.target.address,
        "port": probe.target.port,
        "timeout": probe.timeout,
        "source_port": probe.source_port or 0,
        "size": probe.size,
    }


def seen(vantage: str, targets: Sequence[Target], results: Sequence[Result]) -> Seen:
    """Read the results of one batch; raises ProbeError where a probe could not be made."""
    return Seen(tuple(observation(vantage, *pair) for pair in zip(targets, results, strict=True)))


def observation(vantage: str, target: Target, result: Result) -> Observation:
    """Read one result; raises ProbeError where the probe could not be made."""
    if "error" in result:
        raise ProbeError(f"{vantage} could not probe {target}: {result['error']}")
    answer = result.get("answer")
    return Observation(
        vantage=vantage,
        target=target,
        outcome=Outcome(result["outcome"]),
        seconds=result["seconds"],
        answer=_answer(answer) if answer else None,
        errno=result.get("errno"),
        resent=result.get("resent", 0),
    )


def _answer(said: Result) -> Answer:
    return Answer(
        pod=said["pod"],
        node=said["node"],
        namespace=said["namespace"],
        port=said["port"],
        protocol=Protocol(said["protocol"]),
        source=said["source"],
        source_port=said["source_port"],
    )
