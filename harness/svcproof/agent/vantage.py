"""A place to probe from: an agent in a pod, on a node, or outside the cluster."""

import json
import time
import typing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from svcproof.agent import frames, queries, readings
from svcproof.agent.queries import Query
from svcproof.agent.readings import Surroundings
from svcproof.errors import ProbeError
from svcproof.limits import Judged, Request, carried
from svcproof.model.cluster import Channel, Shell
from svcproof.model.event import Change, Environment, Happening, HttpStatus, LinkAddress, Verb
from svcproof.model.probe import Lookup, Protocol, Seen, Target, together

if TYPE_CHECKING:
    from testinfra.host import Host


class Recorder(typing.Protocol):
    """Keeps all that vantages see and do, so that each fact has its evidence."""

    def record(self, happenings: Sequence[Happening], began: float) -> None:
        """Keep what one look came to, or one change; it began at this time of the monotonic clock."""


class Unrecorded:
    """Records nothing: for looks that are no part of what a check sees."""

    def record(self, happenings: Sequence[Happening], began: float) -> None:
        """Forget it."""


Ask = Callable[[str, object, float, TypeAdapter[Any]], Any]
Note = Callable[[Sequence[Target], Sequence[readings.Result], float], Seen]


@dataclass(frozen=True, slots=True)
class Flow:
    """A connection held open, or a UDP socket kept: the same 5-tuple, asked again and again.

    `source_port` is the client's own port.
    """

    target: Target
    source_port: int
    number: int
    ask: Ask = field(repr=False)
    note: Note = field(repr=False)

    def exchange(self, times: int = 1, timeout: float = Judged.PROBE.usual, size: int = 0) -> Seen:
        """Ask `times` times, one after another. A flow that was refused once is refused from then on."""
        seconds = Judged.PROBE.of(timeout)
        body = {"id": self.number, "times": times, "timeout": seconds, "size": size}
        began = time.monotonic()
        results = self.ask("/stream/exchange", body, times * seconds, readings.RESULTS)
        return self.note([self.target] * times, results, began)


@dataclass(frozen=True, slots=True)
class Vantage:
    """An agent, by the name of its pod or client. `node` is empty outside the cluster.

    Every method raises ProbeError where the agent cannot be reached or could not make a probe.
    """

    name: str
    node: str
    addresses: tuple[str, ...]
    channel: Channel = field(repr=False)
    recorder: Recorder = field(repr=False)
    shell: Shell = field(repr=False)
    dns_server: str = ""
    """The server that `dns` asks by default; empty: the first in its own resolv.conf."""

    @property
    def address(self) -> str:
        """Its address of the primary family."""
        return self.addresses[0]

    @property
    def host(self) -> "Host":
        """A pytest-testinfra Host there, for what a shell must show."""
        from svcproof.agent.host import host  # testinfra takes a quarter of a second to import, and few ask for it

        return host(self.shell, self.name)

    def tcp(
        self,
        target: Target,
        times: int = 1,
        timeout: float = Judged.PROBE.usual,
        size: int = 0,
        source_port: int | None = None,
    ) -> Seen:
        """Open `times` TCP connections at once, or one from this port."""
        return self._probe([replace(target, protocol=Protocol.TCP)], times, timeout, size, source_port)

    def udp(
        self,
        target: Target,
        times: int = 1,
        timeout: float = Judged.PROBE.usual,
        size: int = 0,
        source_port: int | None = None,
    ) -> Seen:
        """Send datagrams from `times` ports at once, or one from a new socket bound to this port."""
        return self._probe([replace(target, protocol=Protocol.UDP)], times, timeout, size, source_port)

    def http(self, target: Target, times: int = 1, timeout: float = Judged.PROBE.usual, size: int = 0) -> Seen:
        """Make `times` HTTP requests at once, each over a connection of its own."""
        return self._probe([replace(target, protocol=Protocol.HTTP)], times, timeout, size)

    def probe(
        self, targets: Iterable[Target], times: int = 1, timeout: float = Judged.PROBE.usual, size: int = 0
    ) -> Seen:
        """Probe every target `times` times, all at once, each with the protocol it names."""
        return self._probe(tuple(targets), times, timeout, size)

    def probe_from(self, probes: Sequence[tuple[Target, int]], timeout: float = Judged.PROBE.usual) -> Seen:
        """Make these probes all at once, each from its own source port, 0 for a new one."""
        return self._probed(probes, timeout)

    def dns(
        self,
        name: str,
        type: str = "A",  # noqa: A002
        server: str = "",
        tcp: bool = False,
        timeout: float = Judged.PROBE.usual,
    ) -> Lookup:
        """Ask a DNS server for exactly this name: no search domain is appended."""
        query = Query(name, type, server or self.dns_server or self._own_nameserver(), tcp)
        return self.lookups([query], timeout)[0]

    def lookups(self, asked: Sequence[Query], timeout: float = Judged.PROBE.usual) -> tuple[Lookup, ...]:
        """Make all these queries at once."""
        messages = list(map(queries.message, asked))
        seconds, began = Judged.PROBE.of(timeout), time.monotonic()
        specs = [queries.spec(*pair, seconds) for pair in zip(asked, messages, strict=True)]
        results = self.ask("/dns", {"queries": specs}, seconds, readings.CARRIED)
        if len(results) != len(asked):
            raise ProbeError(f"{self.name} was asked {len(asked)} DNS queries and answered with {len(results)} results")
        found = zip(asked, messages, results, strict=True)
        lookups = tuple(replace(queries.lookup(self.name, *each), node=self.node) for each in found)
        self.recorder.record(lookups, began)
        return lookups

    @contextmanager
    def stream(self, target: Target, source_port: int = 0) -> Iterator[Flow]:
        """Hold a TCP connection open. Whether it was accepted shows in the first exchange."""
        with self._flow(replace(target, protocol=Protocol.TCP), source_port) as flow:
            yield flow

    @contextmanager
    def udp_flow(self, target: Target, source_port: int = 0) -> Iterator[Flow]:
        """Keep one UDP socket, and so one source port (default: a new one)."""
        with self._flow(replace(target, protocol=Protocol.UDP), source_port) as flow:
            yield flow

    def environment(self) -> Surroundings:
        """Return what the container sees of its surroundings."""
        began = time.monotonic()
        surroundings: Surroundings = self.ask("/environment", {}, kind=readings.SURROUNDINGS)
        count, resolv_conf = len(surroundings.variables), surroundings.resolv_conf
        environment = Environment(vantage=self.name, node=self.node, variables=count, resolv_conf=resolv_conf)
        self.recorder.record([environment], began)
        return surroundings

    def http_status(self, address: str, port: int, path: str = "/") -> int:
        """Return the status with which anybody's HTTP server answers GET `path` there, or 0 where none answers."""
        target, began = Target(address, port, Protocol.HTTP), time.monotonic()
        seconds = Judged.PROBE.seconds
        spec = readings.probe_spec(target, seconds) | {"path": path}
        result = self.ask("/status", spec, seconds, readings.STATUS)
        if result.error:
            raise ProbeError(f"{self.name} could not GET http://{address}:{port}{path}: {result.error}")
        status = HttpStatus(
            vantage=self.name, node=self.node, address=address, port=port, path=path, status=result.answer or 0
        )
        self.recorder.record([status], began)
        return status.status

    def neighbour(self, address: str) -> str:
        """Return the hardware address that answers ARP, or neighbour discovery, for an address; empty where none does.

        For an address that is not on its link it is the next hop's. What it has heard of before counts, until it
        hears something else.
        """
        began = time.monotonic()
        self.udp(Target(address, 9), timeout=0.1)  # to make it ask
        hardware: str = self.ask("/neighbour", {"address": address}, kind=readings.NEIGHBOUR).hardware
        link_address = LinkAddress(vantage=self.name, node=self.node, address=address, hardware=hardware)
        self.recorder.record([link_address], began)
        return hardware

    def udp_frame(self, hardware: str, address: str, port: int) -> None:
        """Send a UDP datagram for an IPv4 address to a hardware address on its link, past every route; await nothing.

        It may be for an address that its receiver alone has, such as 127.0.0.1.
        """
        script = Path(frames.__file__).read_text()
        completed = self.shell.run(("python3", "-c", script, hardware, self.address, address, str(port)))
        if completed.code:
            error = completed.stderr.decode().strip().rpartition("\n")[2]
            raise ProbeError(f"{self.name} could not send a frame to {hardware}: {error}")

    def ready(self, ready: bool) -> None:
        """Become ready or not: what the pod's readiness probe is told from now on."""
        self._change(Verb.READY if ready else Verb.UNREADY, "/ready", {"ready": ready})

    def serve(self, protocol: Protocol, port: int) -> None:
        """Serve on one more port."""
        self._change(Verb.SERVE, "/serve", {"open": [{"protocol": protocol, "port": port}]}, f"{protocol} {port}")

    def unserve(self, protocol: Protocol, port: int) -> None:
        """Close a port; connections that were accepted stay open."""
        self._change(Verb.UNSERVE, "/serve", {"close": [{"protocol": protocol, "port": port}]}, f"{protocol} {port}")

    def arrived(self, protocol: Protocol, port: int) -> int:
        """Return how many connections, HTTP requests or datagrams arrived at a port it serves, so far."""
        for listener in self.ask("/serve", {}, kind=readings.SERVING).listeners:
            if (listener.protocol, listener.port) == (protocol, port):
                return int(listener.arrived)
        raise ProbeError(f"{self.name} does not serve {protocol} port {port}, so nothing can arrive there")

    def ask(self, path: str, body: object, timeout: float = 0.0, kind: TypeAdapter[Any] = readings.ANYTHING) -> Any:
        """POST to the agent what JSON can hold, and return what it answers, of this kind; raises ProbeError."""
        answer = self.channel.ask(path, json.dumps(body).encode(), timeout + Request.AGENT.seconds)
        return readings.understood(self.name, path, kind, answer)

    def _probe(
        self, targets: Sequence[Target], times: int, timeout: float, size: int, source_port: int | None = None
    ) -> Seen:
        return self._probed([(target, source_port or 0) for target in targets for _ in range(times)], timeout, size)

    def _probed(self, probes: Sequence[tuple[Target, int]], timeout: float, size: int = 0) -> Seen:
        """Make each of these probes from its source port, 0 for a new one."""
        seconds = Judged.PROBE.of(timeout)
        specs = [readings.probe_spec(target, seconds, size, port) for target, port in probes]
        began = time.monotonic()
        results = self.ask("/probe", {"probes": specs}, seconds, readings.RESULTS)
        return self._note([target for target, _ in probes], results, began)

    def _note(self, targets: Sequence[Target], results: Sequence[readings.Result], began: float) -> Seen:
        observations = readings.observations(self.name, targets, results)
        seen = Seen(tuple(replace(observation, node=self.node) for observation in observations))
        self.recorder.record(seen.observations, began)
        return seen

    def _change(self, verb: Verb, path: str, body: object, port: str = "") -> None:
        began = time.monotonic()
        self.ask(path, body)
        seconds = round(time.monotonic() - began, 4)
        self.recorder.record([Change(verb=verb, kind="Pod", name=self.name, sent=port or None, seconds=seconds)], began)

    @contextmanager
    def _flow(self, target: Target, source_port: int) -> Iterator[Flow]:
        spec = readings.probe_spec(target, Judged.PROBE.usual, source_port=source_port)
        opened = self.ask("/stream/open", spec, kind=readings.OPENED)
        flow = Flow(target, opened.source_port, opened.id, self.ask, self._note)
        try:
            yield flow
        finally:
            self.ask("/stream/close", {"id": flow.number})

    def _own_nameserver(self) -> str:
        servers = self.environment().nameservers
        if not servers:
            raise ProbeError(f"{self.name} has no nameserver in its resolv.conf; name the server to ask")
        return servers[0]


def sweep(
    vantages: Iterable[Vantage],
    targets: Iterable[Target],
    times: int = 1,
    timeout: float = Judged.PROBE.usual,
    size: int = 0,
) -> Seen:
    """Probe every target from every vantage, all at once: what must stay silent costs one timeout, not many."""
    where, to = tuple(vantages), tuple(targets)
    with ThreadPoolExecutor(max(1, len(where))) as pool:
        return together(list(pool.map(carried(lambda probe: probe.probe(to, times, timeout, size)), where)))
