"""Every field that may change on a live object, at each address of a Service, from everywhere."""

from contextlib import ExitStack

from svcproof import Feature, Seen, answered, answered_by, control, eventually, in_words

from ..clauses import VIRTUAL_IPS
from ..doors.door import behaviour_at
from . import addresses, pods, policies, ports, slices
from .field import at_doors, flows_at_doors
from .scene import scene_of
from .settled import await_controllers, await_proxies, listed
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
        if look.is_unchanged:
            await_proxies(scene)
            look.is_served_as_it_says(service)
    finally:
        for undo in scene.undo:
            undo()


@behaviour_at(*flows_at_doors(ROWS))
def check_flow(door, field, workbench, echo, db, nodes, request):
    """A new socket on the port of a flow is answered by an endpoint of now, on each node, after each edit that leaves \
one."""
    scene = scene_of(field, door, workbench, echo, db, nodes, request)
    service = scene.service
    asked = flows_of(door, service, scene)
    with control("the Service serves datagrams"):
        eventually(lambda: together(asker.udp(target, times=3) for asker, target in asked), answered)
    with ExitStack() as open_flows:
        flows = [open_flows.enter_context(asker.udp_flow(target)) for asker, target in asked]
        eventually(lambda: together(flow.exchange() for flow in flows), answered)
    kept = [(asker, target, flow.source_port) for (asker, target), flow in zip(asked, flows, strict=True)]

    for edit in field.edits:
        edit(scene)
        await_controllers(service)
        if backends := backends_of(service, scene.names):
            eventually(
                lambda: together(asker.udp(target, source_port=port) for asker, target, port in kept),
                in_words(f"answered by an endpoint of now: {told(backends)}", answered_by_any(backends)),
            )


def flows_of(door, service, scene):
    """(vantage, target) of flows that pass each node: from a pod on each, or to the port of each."""
    targets = door.targets(service, "datagram")
    claimed = scene.fixture("everywhere").claims.features
    is_for_all = door.kind != "external IP" or Feature.EXTERNAL_IPS_FROM_INSIDE in claimed
    others = scene.fixture("clients") if len(targets) == 1 and is_for_all else ()
    askers = {asker.name: asker for asker in (door.asker, *others)}
    return [(asker, target) for asker in askers.values() for target in targets]


def together(observed):
    """Make one of what several vantages saw."""
    return sum(observed, start=Seen(()))


def backends_of(service, names):
    """(pod, port) of each ready endpoint that datagrams may go to."""
    endpoints = listed(service.slices)
    return {(names[at], number) for at, name, _, number, is_ready in endpoints if is_ready and name == "datagram"}


def told(backends):
    """These backends in words."""
    return ", ".join(f"{pod} at port {port}" for pod, port in sorted(backends))


def answered_by_any(backends):
    """Make the predicate that all probes are answered by some of these."""
    return lambda seen: seen.all_answered and {(answer.pod, answer.port) for answer in seen.answers} <= backends
