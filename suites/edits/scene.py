"""The scene of an edit: a Service at one door, and what the values of its fields are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..families import alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A Service at one door, and all that an edit of it may use.

    `fixture` gives any fixture by its name; `kept` are values that were chosen once.
    `undo` puts back what is nobody's but the cluster's, when the check has ended.
    """

    door: Any
    workbench: Any
    echo: Any
    db: Any
    nodes: Any
    fixture: Any
    kept: dict[str, Any] = field(default_factory=dict)
    undo: list[Any] = field(default_factory=list)

    @property
    def service(self):
        """The Service at the door."""
        return self.kept["service"]

    @property
    def names(self):
        """The names of the pods that answer, by their addresses."""
        own = self.kept["pods"]
        workloads = (self.echo, self.db, *([] if own is self.workbench else [own]))
        return {pod.address: pod.name for workload in workloads for pod in workload.pods}

    def once(self, name, make):
        """The value of this name, which is made when it is asked for first."""
        if name not in self.kept:
            self.kept[name] = make()
        return self.kept[name]

    def resolved(self, value):
        """A value of a table, with what is made in the scene itself in the place of functions."""
        if callable(value):
            return value(self)
        if isinstance(value, Mapping):
            return {key: self.resolved(item) for key, item in value.items()}
        return [self.resolved(item) for item in value] if isinstance(value, list) else value


def scene_of(field, door, workbench, echo, db, nodes, request):
    """Make the Service of a row at a door, and what stands beside it."""
    scene = Scene(door=door, workbench=workbench, echo=echo, db=db, nodes=nodes, fixture=request.getfixturevalue)
    selected = {"echo": echo, "db": db, "nobody": workbench}.get(field.selects) or workbench.pods(**field.pods)
    scene.kept["pods"] = selected
    service = scene.kept["service"] = door.service(selected, ports=list(field.ports), **scene.resolved(field.begin))
    scene.kept["begun"] = service.spec
    field.arrange(scene)
    return scene


def address(name):
    """An external address that nobody else has; the same one in a scene each time that it is named."""
    return lambda scene: scene.once(f"address {name}", scene.fixture("external_address"))


def begun(key, place):
    """An item of what the spec of the Service had at first under this key."""
    return lambda scene: scene.kept["begun"][key][place]


def client_alone(name):
    """The range that holds the address of a client alone, by the name of its fixture."""
    return lambda scene: alone(scene.fixture(name).address)
