"""Interruptions of a lab: its proxy stopped, killed, started and exchanged, and its API server taken from the nodes."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from svcproof.errors import ProbeError
from svcproof.lab.layout import API_PORT, NodePlace
from svcproof.lab.network.wiring import FABRIC
from svcproof.lab.process.launch import Lab
from svcproof.limits import Request
from svcproof.providers.lab.under_test import UnderTest, name
from svcproof.providers.lab.variants import earlier_releases, other_modes, variant

TABLE = "inet svcproof-outage"
OUTAGE = f"""
add table {TABLE}
add chain {TABLE} input {{ type filter hook input priority filter; }}
add rule {TABLE} input iifname != "lo" tcp dport {API_PORT} reject with tcp reset
"""
"""The rules in the fabric, where the API server listens, that refuse all connections to it but the lab's own."""


@dataclass(frozen=True, slots=True)
class LabProxyControl:
    """Stops and starts the proxy under test on the nodes of a lab."""

    lab: Lab
    tested: UnderTest

    @property
    def modes(self) -> tuple[str, ...]:
        """The modes that it can be started in besides the declared one."""
        return other_modes(self.tested)

    @property
    def releases(self) -> tuple[str, ...]:
        """The earlier releases that it can be started in, the oldest first."""
        return earlier_releases(self.tested)

    def stop(self, node: str, kill: bool = False) -> None:
        """End the proxy of a node: ask it to end, or kill it."""
        self.lab.remote.stop(name(self._place(node)), kill)

    def start(self, node: str, mode: str = "", release: str = "") -> None:
        """Start the proxy of a node, and wait until it is ready; raises Unavailable, ProvisionError."""
        tested, place = variant(self.tested, mode, release), self._place(node)
        tested.launch(self.lab, place)
        tested.await_ready(self.lab, place)

    def remove_rules(self, node: str) -> None:
        """Remove all rules from a node, those of iptables-nft included."""
        _run(self.lab, self._place(node).netns, "nft", "flush ruleset")

    def _place(self, node: str) -> NodePlace:
        return next(place for place in self.lab.layout.nodes if place.name == node)


@contextmanager
def api_outage(lab: Lab) -> Iterator[None]:
    """Refuse the nodes' connections to the API server, and cut those they have; raises ProbeError."""
    with ExitStack() as undone:
        undone.callback(_run, lab, FABRIC, "nft", f"add table {TABLE}; delete table {TABLE}")
        _run(lab, FABRIC, "nft", OUTAGE)
        _run(lab, FABRIC, "ss", "-K", "-t", "state", "established", f"( sport = :{API_PORT} )")
        yield


def _run(lab: Lab, netns: str, *argv: str) -> None:
    completed = lab.remote.run(netns, argv, Request.COMMAND_ON_NODE.seconds)
    if completed.code:
        raise ProbeError(f"{argv[0]} failed on {netns}: {completed.stderr.decode(errors='replace').strip()}")
