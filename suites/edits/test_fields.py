"""Every field that may change on a live object, at each address of a Service, from everywhere."""

from svcproof import answered_by, eventually

from ..clauses import VIRTUAL_IPS
from ..doors.door import behaviour_at
from . import addresses, pods, policies, ports, slices
from .field import at_doors
from .scene import Scene
from .settled import await_controllers
from .watching import watched

TRIES = 40
"""Missing one of three equally likely backends in 40 tries happens once in 3.7 million runs."""
ROWS = (*ports.ROWS, *addresses.ROWS, *policies.ROWS, *slices.ROWS, *pods.ROWS)


@behaviour_at(*at_doors(ROWS), spec=VIRTUAL_IPS)
def check_field(door, field, workbench, echo, db, nodes, everywhere, request):
    """A Service is served as it says, at first and after each edit."""
    scene = Scene(door=door, workbench=workbench, echo=echo, db=db, nodes=nodes, fixture=request.getfixturevalue)
    selected = {"echo": echo, "db": db, "nobody": workbench}.get(field.selects) or workbench.pods(**field.pods)
    scene.kept["pods"] = selected
    service = scene.kept["service"] = door.service(selected, ports=list(field.ports), **scene.resolved(field.begin))
    scene.kept["begun"] = service.spec
    field.arrange(scene)
    look = watched(door, everywhere, field.level)
    look.is_served_as_it_says(service)

    for edit in field.edits:
        edit(scene)
        await_controllers(service)
        look.is_served_as_it_says(service)
        if field.spreads and service.spec["sessionAffinity"] == "None":
            eventually(lambda: door.ask(door.target(service), times=TRIES), answered_by(selected.names))
