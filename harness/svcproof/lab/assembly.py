"""The process of a lab: all its parts in one event loop.

`lab.process.launch` starts it in new namespaces, as `python -m svcproof.lab.assembly DIRECTORY`.
"""

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

from svcproof.api_kinds import NODES
from svcproof.errors import ProvisionError, leaves
from svcproof.lab import coredns, dns, kubelet, loadbalancer, planes
from svcproof.lab.client import Client
from svcproof.lab.components import COREDNS
from svcproof.lab.directory import Directory
from svcproof.lab.faults.parts import rules_under
from svcproof.lab.layout import Layout, OutsidePlace
from svcproof.lab.network import Network
from svcproof.lab.network.wiring import FABRIC
from svcproof.lab.process import control, enter, rule_history
from svcproof.lab.process.programs import Programs
from svcproof.lab.process.settings import Settings, read
from svcproof.lab.runtime import Runtime
from svcproof.lab.runtime.forkserver.capabilities import CONTAINER

INTERVAL = 0.02


class PartEndedError(Exception):
    """A part of the lab, which lasts as long as the lab does, has ended."""


def main() -> None:
    """Serve until the process is ended; what goes wrong ends it with a traceback."""
    settings = read(Directory(Path(sys.argv[1])))
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        asyncio.run(serve(settings, report_up))
    except* PartEndedError as parts:
        sys.exit("; ".join(str(error) for error in leaves(parts)))


def report_up() -> None:
    """Tell the harness, which waits for a line on our standard output, that the lab is up."""
    sys.stdout.write("up\n")
    sys.stdout.flush()


async def serve(settings: Settings, up: Callable[[], None]) -> None:
    """Bring the lab up, call `up`, and keep it so; raises what any part of it raises."""
    plan, directory = settings.layout, settings.directory
    network, programs, rules = Network(plan), Programs(directory), rules_under(settings.faults)
    async with Runtime() as runtime, AsyncExitStack() as stack:
        await network.up()
        enter.prepare([FABRIC, *(node.netns for node in plan.nodes), *(client.netns for client in plan.outside)])
        rule_history.start(directory, [node.netns for node in plan.nodes])
        await stack.enter_async_context(await control.serve(directory.control, programs, network))
        plane = await planes.start(settings, rules, programs, stack)
        client = plane.client
        if program := settings.component(COREDNS):
            await coredns.start(program, plan, directory, client, programs, network)
            names = programs.ended(COREDNS)
        else:
            names = dns.run(client, plan, rules.dns, network)
        async with asyncio.TaskGroup() as group:
            group.create_task(_lasting("forkserver", runtime.ended()))
            for name, work in plane.parts.items():
                group.create_task(_lasting(name, work()))
            for name, part in (
                ("dns", names),
                ("load-balancer", loadbalancer.run(client, plan, rules.load_balancer, network)),
            ):
                group.create_task(_lasting(name, part))
            for node in plan.nodes:
                running = kubelet.run(node, client, plan, network, runtime, directory, rules.kubelet)
                group.create_task(_lasting(f"kubelet of {node.name}", running))
            clients = plan.outside if settings.agent else ()
            agents = [_start_agent(programs, settings, outside) for outside in clients]
            await asyncio.gather(_nodes_ready(client, plan), *agents)
            for outside in clients:
                group.create_task(_lasting(f"agent of {outside.name}", programs.ended(outside.name)))
            up()


async def _lasting(name: str, part: Awaitable[None]) -> None:
    await part
    raise PartEndedError(f"the lab's part {name} ended, as if it had been killed")


async def _nodes_ready(client: Client, plan: Layout) -> None:
    """Wait until every node has registered and is ready."""
    missing = {node.name for node in plan.nodes}
    while missing:
        await asyncio.sleep(INTERVAL)
        for node in (await client.list(NODES))["items"]:
            conditions = {condition["type"]: condition["status"] for condition in node["status"].get("conditions", ())}
            if conditions.get("Ready") == "True":
                missing.discard(node["metadata"]["name"])


async def _start_agent(programs: Programs, settings: Settings, client: OutsidePlace) -> None:
    """Start the agent of a client outside the cluster, and wait until it listens."""
    control_socket = settings.directory.agents / f"{client.name}.sock"
    environment = {"SVCPROOF_SECRET": settings.secret, "POD_NAME": client.name, "POD_UID": client.name}
    command = (sys.executable, "-I", "-S", settings.agent, "--control", f"unix:{control_socket}")
    # With capabilities that programs of the user lack, which keeps them from reading its secret.
    sockets = str(settings.directory.agents)
    await programs.start(client.name, client.netns, command, environment, sockets, capabilities=CONTAINER)
    while not control_socket.exists():
        code, tail = await programs.inspect(client.name)
        if code is not None:
            raise ProvisionError(f"the agent of {client.name} ended with exit status {code}:\n{tail}")
        await asyncio.sleep(INTERVAL)


if __name__ == "__main__":
    main()
