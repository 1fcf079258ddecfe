"""All parts of a lab in one event loop."""

import asyncio
from collections.abc import Callable

from harness.lab.layout import layout
from harness.lab.network import Network
from harness.lab.process import control
from harness.lab.process.programs import Programs
from harness.lab.process.settings import Settings

Say = Callable[..., None]
"""Tells the harness how far the lab is: say(step="..."), say(up=True)."""


async def serve(settings: Settings, say: Say) -> None:
    """Bring the lab up and keep it so; raises what any part of it raises."""
    plan = layout(settings.spec)
    network = Network(plan)
    await network.up()
    programs = Programs(settings.directory.logs)
    async with await control.serve(settings.directory.control, programs):
        say(up=True)
        await asyncio.Event().wait()
