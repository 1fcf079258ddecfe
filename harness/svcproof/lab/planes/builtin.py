"""The lab's own API server and controllers, in the lab's process."""

import socket
from contextlib import AsyncExitStack

from aiohttp import web

from svcproof.lab import controllers
from svcproof.lab.apiserver import ApiConfig, application
from svcproof.lab.client import Client
from svcproof.lab.faults.parts import LabRules
from svcproof.lab.layout import API_PORT
from svcproof.lab.planes.plane import Plane
from svcproof.lab.process.settings import Settings
from svcproof.lab.serving import server_context


async def start(settings: Settings, rules: LabRules, stack: AsyncExitStack) -> Plane:
    """Serve the API to the host, to nodes and pods, and, in plain HTTP, to the lab's own parts."""
    plan, directory = settings.layout, settings.directory
    authority = directory.authority.read_text()
    config = ApiConfig(layout=plan, token=settings.token, rules=rules.api_server, authority=authority)
    runner = web.AppRunner(application(config), access_log=None, handle_signals=False)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    context = server_context(directory.certificates)
    await web.UnixSite(runner, directory.api).start()
    await web.SockSite(runner, socket.socket(fileno=settings.listener), ssl_context=context).start()
    for address in plan.fabric:
        await web.TCPSite(runner, address, API_PORT, ssl_context=context).start()
    client = await stack.enter_async_context(Client("http://lab", socket=directory.api))
    return Plane(client, {"controllers": lambda: controllers.run(client, rules.controllers)})
