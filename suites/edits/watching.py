"""Looking at one door of a Service from everywhere, after each edit."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from svcproof import control, equals, eventually

SERVED = ("answered", "backends")
"""What is awaited whatever level an edit is of: that the Service is served at all."""


@dataclass(slots=True, kw_only=True)
class Watched:
    """The doors of one kind of a Service. What it had before an edit is asked once more after it."""

    door: Any
    everywhere: Any
    level: Any
    before: tuple[Any, ...] | None = None
    promised: Any = None
    is_unchanged: bool = False
    """True if the last edit changed nothing that is promised here: a look may have come before it took effect."""

    def is_served_as_it_says(self, service):
        """Ask at its doors of now, and at those that it had before, until all is as the rules promise."""
        is_first, before = self.before is None, self.before or ()
        swept = self.everywhere(service, *before, level=self.level, also=SERVED, kind=self.door.kind)
        self.before = swept.open_doors
        promised = {cell: cell.expected for cell in swept.look}
        self.is_unchanged, self.promised = promised == self.promised, promised
        if is_first:
            with control("there is something to ask"):
                assert self.before, f"the Service has a {self.door.kind}"


@dataclass(slots=True, kw_only=True)
class WatchedHealth:
    """The healthCheckNodePort of a Service at each node, and the one that it had before an edit."""

    door: Any
    before: int = 0
    promised: Any = None
    is_unchanged: bool = False

    def is_served_as_it_says(self, service):
        """Ask each node until those that have a ready endpoint succeed, and no others do."""
        port = service.spec.get("healthCheckNodePort", 0)
        healthy = {node.name for node in self.door.nodes if node.name in nodes_with_endpoint(service.slices)}
        if gone := self.before * (self.before != port):
            eventually(lambda: self.healthy_at(gone), equals(set(), "the nodes whose former health check succeeds"))
        if port:
            eventually(lambda: self.healthy_at(port), equals(healthy, "the nodes whose health check succeeds"))
        self.is_unchanged, self.promised = (port, healthy) == self.promised, (port, healthy)
        self.before = port

    def healthy_at(self, port):
        """The names of the nodes that answer a health check at this port with status 200."""

        def is_healthy(node):
            return self.door.asker.http_status(node.addresses[0], port, "/healthz") == 200

        nodes = self.door.nodes
        with ThreadPoolExecutor(len(nodes)) as pool:
            healthy = pool.map(is_healthy, nodes)
            return {node.name for node, passes in zip(nodes, healthy, strict=True) if passes}


def watched(door, everywhere, level):
    """Return the watcher of this door, which finds breaches of rules of this level."""
    if door.kind == "health check":
        return WatchedHealth(door=door)
    return Watched(door=door, everywhere=everywhere, level=level)


def nodes_with_endpoint(slices):
    """The names of the nodes that have a ready endpoint in EndpointSlices."""
    return {
        endpoint.get("nodeName")
        for piece in slices
        for endpoint in piece["endpoints"] or ()
        if endpoint["conditions"].get("ready", True)
    }
