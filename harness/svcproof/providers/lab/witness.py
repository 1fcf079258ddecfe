"""A lab as a witness of a check that did not hold: rules as they were, connections, logs and packets."""

import base64
import shlex
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from svcproof.errors import ProbeError
from svcproof.evidence import dumps, logs
from svcproof.evidence.listings import LIST_ALL, listed, of_command
from svcproof.evidence.redaction import without_secrets
from svcproof.json_objects import Object
from svcproof.lab.layout import NodePlace
from svcproof.lab.process import output, rule_history
from svcproof.lab.process.launch import Lab
from svcproof.limits import Request
from svcproof.model.cluster import OutsideClient
from svcproof.model.evidence import Log, Packet, RuleDump
from svcproof.model.proxy_spec import fill
from svcproof.providers.lab.under_test import UnderTest, name

LAST_LINES = 30
"""Lines of a log that has nothing of the check's own time."""
IN_A_NODE = "hostNetwork"


@dataclass(frozen=True, slots=True)
class LabWitness:
    """Takes from a lab what can explain a check."""

    lab: Lab
    tested: UnderTest | None

    @property
    def secrets(self) -> tuple[str, ...]:
        """The token of the lab's API server, and what agents are asked with."""
        return (self.lab.secret, self.lab.directory.token.read_text().strip())

    def rules(self, node: str) -> tuple[RuleDump, ...]:
        """The rules of a node as the recorder kept them, and as they are now."""
        try:
            kept = [
                RuleDump(node, at, texts)
                for at, texts in rule_history.states(self.lab.directory, self._place(node).netns)
            ]
        except (OSError, ValueError) as error:
            raise ProbeError(f"the rules that were recorded of {node} cannot be read: {error}") from error
        return (*kept, RuleDump(node, time.time(), listed(self._run(node, LIST_ALL))))

    def connections(self, node: str) -> str:
        """The entries of a node's connection tracking."""
        return self._run(node, ("conntrack", "-L")).decode(errors="replace")

    def outputs(self, node: str) -> Iterator[tuple[str, str]]:
        """Yield the commands that the proxy's declaration names, and what each prints on the node."""
        place = self._place(node)
        values = {"node": node, "node_ip": place.addresses[0], "python": sys.executable}
        for words in self.tested.spec.evidence.commands if self.tested else ():
            command = tuple(fill(word, values) for word in words)
            ran = self.lab.remote.run(place.netns, command, Request.COMMAND_ON_NODE.seconds)
            yield shlex.join(command), of_command(ran.stdout, ran.stderr, ran.code)

    def logs(self, since: float) -> tuple[Log, ...]:
        """The proxy's log on each node, and that of the lab's own process."""
        return tuple(
            logs.since(log, since) if log.lines and log.lines[-1][0] >= since else logs.last(log, LAST_LINES)
            for log in self._logs()
        )

    def last_texts(self) -> Iterator[tuple[str, str]]:
        """Yield titles and texts of a lab whose proxy did not come up: all logs, and the rules of each node."""
        for log in self._logs():
            place = f" on {log.node}" if log.node else ""
            yield f"log of the {log.name}{place}", without_secrets(logs.text(log), self.secrets)
        for node in self.lab.layout.nodes:
            try:
                yield f"rules of {node.name}", dumps.text(self.rules(node.name)[-1])
            except ProbeError as error:
                yield f"rules of {node.name}", f"(not to be had: {error})"

    @contextmanager
    def capture(self, ends: Sequence[Object | OutsideClient]) -> Iterator[list[Packet]]:
        """Take the packets in the namespaces of these pods and clients."""
        packets: list[Packet] = []
        number = self.lab.remote.begin_capture([self._namespace(end) for end in ends])
        try:
            yield packets
        finally:
            for fields in self.lab.remote.end_capture(number):
                binary = {key: base64.b64decode(fields[key]) for key in ("data", "link_address")}
                packets.append(Packet(**{**fields, **binary}))

    def _logs(self) -> Iterator[Log]:
        directory = self.lab.directory.logs
        for node in self.lab.layout.nodes if self.tested else ():
            if (path := directory / f"{name(node)}.log").exists():
                yield Log("proxy", node.name, tuple(output.lines(path)))
        own = directory / "lab.log"
        yield Log("lab", "", tuple(logs.stamped(own.read_text(errors="replace"))))

    def _run(self, node: str, command: tuple[str, ...]) -> bytes:
        return self.lab.remote.run(self._place(node).netns, command, Request.COMMAND_ON_NODE.seconds).stdout

    def _place(self, node: str) -> NodePlace:
        return next(place for place in self.lab.layout.nodes if place.name == node)

    def _namespace(self, end: Object | OutsideClient) -> str:
        if isinstance(end, OutsideClient):
            return self.lab.layout.places[end.name]
        if end["spec"].get(IN_A_NODE):
            return self._place(end["spec"]["nodeName"]).netns
        return f"pod-{end['metadata']['uid'][:8]}"
