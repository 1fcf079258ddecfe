"""All parts of a lab in one event loop."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

from harness import agent
from harness.errors import ProvisionError
from harness.lab.layout import OutsidePlace, layout
from harness.lab.network import Network
from harness.lab.process import control
from harness.lab.process.programs import Programs
from harness.lab.process.settings import Settings

Say = Callable[..., None]
"""Tells the harness how far the lab is: say(step="..."), say(up=True)."""
INTERVAL = 0.02
AGENT = Path(agent.__file__).parent / "pod"


async def serve(settings: Settings, say: Say) -> None:
    """Bring the lab up and keep it so; raises what any part of it raises."""
    plan = layout(settings.spec)
    network = Network(plan)
    await network.up()
    programs = Programs(settings.directory.logs)
    async with await control.serve(settings.directory.control, programs, network):
        for client in plan.outside:
            await _start_agent(programs, settings, client)
        say(up=True)
        await asyncio.Event().wait()


async def _start_agent(programs: Programs, settings: Settings, client: OutsidePlace) -> None:
    """Start the agent of a client outside the cluster, and wait until it listens."""
    control_socket = settings.directory.agents / f"{client.name}.sock"
    environment = {"SVCPROOF_SECRET": settings.secret, "POD_NAME": client.name, "POD_UID": client.name}
    command = (sys.executable, "-I", "-S", str(AGENT), "--control", f"unix:{control_socket}")
    await programs.start(client.name, client.netns, command, environment)
    while not control_socket.exists():
        code, tail = programs.inspect(client.name)
        if code is not None:
            raise ProvisionError(f"the agent of {client.name} ended with exit status {code}:\n{tail}")
        await asyncio.sleep(INTERVAL)
