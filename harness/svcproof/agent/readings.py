"""Reading what agents answer: JSON in, values of the model out. Pure functions.

What is at the place of an agent may be another version of it, or something else altogether: whatever it answers, what
is not as it should be is a ProbeError, and never an observation.
"""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from svcproof.errors import ProbeError
from svcproof.model.probe import Answer, Observation, Outcome, Target

Port = Annotated[int, Field(ge=0, le=65535)]
Words = Annotated[str, StringConstraints(pattern=r"^[ -~]*$", max_length=1000)]
"""Characters that can be shown as they are."""
Name = Annotated[str, StringConstraints(pattern=r"^[!-~]*$", max_length=253)]
SHOWN = 60


class Reading(BaseModel):
    """Base of all that agents answer: keys beyond these are another version's, and passed over."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)


class Heard(Reading):
    """The answer of a backend: its own identity, and the caller it saw."""

    pod: Name
    node: Name
    namespace: Name
    port: Port
    protocol: Name
    source: Name
    source_port: Port


class Result(Reading):
    """The result of one probe or query; with `error`, none was made."""

    error: Words = ""
    outcome: Outcome | None = None
    seconds: Annotated[float, Field(ge=0)] = 0.0
    answer: Heard | None = None
    errno: Annotated[Name, Field(min_length=1)] | None = None
    resent: Annotated[int, Field(ge=0)] = 0


class Carried(Result):
    """The same of a DNS query, whose answer is a message in base64."""

    answer: str | None = None  # type: ignore[assignment]


class Status(Result):
    """The same of a request to any HTTP server, whose answer is the status."""

    answer: Annotated[int, Field(ge=100, le=999)] | None = None  # type: ignore[assignment]


class Neighbour(Reading):
    """The hardware address that answers for an address, if any does."""

    hardware: Name


class Opened(Reading):
    """A flow that was opened."""

    id: int
    source_port: Port


class Listener(Reading):
    """A port that an agent serves."""

    protocol: Name
    port: Port
    arrived: Annotated[int, Field(ge=0)]


class Serving(Reading):
    """The listeners of an agent."""

    opened: tuple[Port, ...]
    listeners: tuple[Listener, ...]


class Surroundings(Reading):
    """The environment variables of a container, its files as text (empty where there is none), and its name."""

    variables: dict[str, str]
    resolv_conf: str
    hosts: str
    hostname: str

    @property
    def nameservers(self) -> tuple[str, ...]:
        """Addresses of the DNS servers in resolv.conf."""
        return tuple(words[1] for words in self._resolver_lines() if words[0] == "nameserver")

    @property
    def search(self) -> tuple[str, ...]:
        """The search domains in resolv.conf, in order."""
        return tuple(domain for words in self._resolver_lines() if words[0] == "search" for domain in words[1:])

    @property
    def options(self) -> frozenset[str]:
        """The options in resolv.conf, such as `ndots:5`."""
        return frozenset(option for words in self._resolver_lines() if words[0] == "options" for option in words[1:])

    def _resolver_lines(self) -> list[list[str]]:
        return [words for words in map(str.split, self.resolv_conf.splitlines()) if len(words) > 1]


ANYTHING: TypeAdapter[Any] = TypeAdapter(Any)
RESULTS, CARRIED = TypeAdapter(tuple[Result, ...]), TypeAdapter(tuple[Carried, ...])
STATUS, NEIGHBOUR = TypeAdapter(Status), TypeAdapter(Neighbour)
OPENED, SERVING, SURROUNDINGS = TypeAdapter(Opened), TypeAdapter(Serving), TypeAdapter(Surroundings)


def understood(agent: str, path: str, kind: TypeAdapter[Any], answer: bytes) -> Any:
    """Read what an agent answered to a request; raises ProbeError where it is not of this kind."""
    try:
        return kind.validate_json(answer, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        why = ": ".join(filter(None, [".".join(map(str, first["loc"]))[:SHOWN], first["msg"]]))
        raise ProbeError(
            f"the agent {agent} was asked {path}, and its answer cannot be understood: {why}. It begins with "
            f"{ascii(answer[:SHOWN])[1:]}. Is it an agent of this version of svcproof that answers there?"
        ) from None


def probe_spec(target: Target, timeout: float, size: int = 0, source_port: int | None = None) -> dict[str, object]:
    """Put a probe as the agent takes it; `source_port` fixes the client's port (default: a new one per probe)."""
    return {
        "protocol": target.protocol,
        "address": target.address,
        "port": target.port,
        "timeout": timeout,
        "source_port": source_port or 0,
        "size": size,
    }


def observations(vantage: str, targets: Sequence[Target], results: Sequence[Result]) -> tuple[Observation, ...]:
    """Read the results of one batch; raises ProbeError where a probe could not be made."""
    if len(results) != len(targets):
        raise ProbeError(f"{vantage} was asked for {len(targets)} probes and answered with {len(results)} results")
    return tuple(observation(vantage, *pair) for pair in zip(targets, results, strict=True))


def observation(vantage: str, target: Target, result: Result) -> Observation:
    """Read one result; raises ProbeError where the probe could not be made."""
    if result.error or result.outcome is None:
        raise ProbeError(f"{vantage} could not probe {target}: {result.error or 'it does not tell what came of it'}")
    heard = result.answer
    if (heard is None) == (result.outcome is Outcome.ANSWERED):
        raise ProbeError(f"{vantage} says that the probe of {target} was {result.outcome}, but the answer denies it")
    if heard is not None and heard.protocol != target.protocol:
        raise ProbeError(f"{vantage} says that a server of {heard.protocol} answered the probe of {target}")
    return Observation(
        vantage=vantage,
        target=target,
        outcome=result.outcome,
        seconds=round(result.seconds, 5),
        answer=None if heard is None else Answer(**heard.model_dump() | {"protocol": target.protocol}),
        errno=result.errno,
        resent=result.resent,
    )
