"""Every field of a Service that may change, at each of its addresses."""

from svcproof import answered_by, eventually

from ..clauses import VIRTUAL_IPS
from ..doors.door import behaviour_at
from . import addresses, policies, ports
from .field import at_doors
from .scene import Scene
from .settled import await_controllers
from .watching import watched

TRIES = 40
"""Missing one of three equally likely backends in 40 tries happens once in 3.7 million runs."""


@behaviour_at(*at_doors((*ports.ROWS, *addresses.ROWS, *policies.ROWS)), spec=VIRTUAL_IPS)
def check_field_of_a_service(door, field, workbench, echo, db, nodes, everywhere, request):
    """A Service is served as it says, at first and after each edit."""
    scene = Scene(door=door, workbench=workbench, echo=echo, db=db, nodes=nodes, fixture=request.getfixturevalue)
    pods = {"echo": echo, "db": db, "workbench": workbench}[field.selects]
    service = scene.kept["service"] = door.service(pods, ports=list(field.ports), **scene.resolved(field.begin))
    scene.kept["begun"] = service.spec
    look = watched(door, everywhere)
    look.is_served_as_it_says(service)

    for edit in field.edits:
        edit(scene)
        await_controllers(service)
        look.is_served_as_it_says(service)
        if field.spreads and service.spec["sessionAffinity"] == "None":
            eventually(lambda: door.ask(door.target(service), times=TRIES), answered_by(pods.names))
