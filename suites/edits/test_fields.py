"""Every field that may change on a live object, at each address of a Service, from everywhere."""

from svcproof import answered, answered_by, eventually, in_words

from ..clauses import VIRTUAL_IPS
from ..doors.door import behaviour_at
from . import addresses, pods, policies, ports, slices
from .field import at_doors, flows_at_doors
from .scene import scene_of
from .settled import await_controllers, listed
from .watching import watched

TRIES = 40
"""Missing one of three equally likely backends in 40 tries happens once in 3.7 million runs."""
ROWS = (*ports.ROWS, *addresses.ROWS, *policies.ROWS, *slices.ROWS, *pods.ROWS)


@behaviour_at(*at_doors(ROWS), spec=VIRTUAL_IPS)
def check_field(door, field, workbench, echo, db, nodes, everywhere, request):
    """A Service is served as it says, at first and after each edit."""
    scene = scene_of(field, door, workbench, echo, db, nodes, request)
    service = scene.service
    look = watched(door, everywhere, field.level)
    look.is_served_as_it_says(service)
    try:
        for edit in field.edits:
            edit(scene)
            await_controllers(service)
            look.is_served_as_it_says(service)
            if field.spreads and service.spec["sessionAffinity"] == "None":
                eventually(lambda: door.ask(door.target(service), times=TRIES), answered_by(scene.kept["pods"].names))
    finally:
        for undo in scene.undo:
            undo()


@behaviour_at(*flows_at_doors(ROWS))
def check_flow(door, field, workbench, echo, db, nodes, request):
    """A new socket on the port of a flow is answered by an endpoint of now, after each edit that leaves one."""
    scene = scene_of(field, door, workbench, echo, db, nodes, request)
    service = scene.service
    target = door.target(service, "datagram")
    eventually(lambda: door.asker.udp(target, times=3), answered)
    with door.asker.udp_flow(target) as flow:
        eventually(lambda: flow.exchange(), answered)

    for edit in field.edits:
        edit(scene)
        await_controllers(service)
        if backends := backends_of(service, scene.names):
            eventually(
                lambda: door.asker.udp(target, source_port=flow.source_port),
                in_words(f"answered by an endpoint of now: {backends}", answered_by_any(backends)),
            )


def backends_of(service, names):
    """(pod, port) of each ready endpoint that datagrams may go to."""
    endpoints = listed(service.slices)
    return {(names[at], number) for at, name, _, number, is_ready in endpoints if is_ready and name == "datagram"}


def answered_by_any(backends):
    """Make the predicate that all probes are answered by some of these."""
    return lambda seen: seen.all_answered and {(answer.pod, answer.port) for answer in seen.answers} <= backends
