"""etcd, kube-apiserver and kube-controller-manager, programs in the fabric's namespace."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

import aiohttp
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from svcproof.api_kinds import SERVICE_ACCOUNTS, SERVICES
from svcproof.disk import write_private
from svcproof.errors import ProvisionError
from svcproof.lab import controllers
from svcproof.lab.client import ApiError, Client
from svcproof.lab.components import API_SERVER, CONTROLLER_MANAGER, ETCD
from svcproof.lab.network.wiring import FABRIC
from svcproof.lab.planes import commands, relay
from svcproof.lab.planes.commands import LEFT_OUT, Place
from svcproof.lab.planes.plane import Plane
from svcproof.lab.process.programs import Programs
from svcproof.lab.process.settings import Settings

INTERVAL = 0.05
ADMINISTRATOR = 'svcproof,svcproof,"system:masters"'
FIRST = ((SERVICES, "kubernetes"), (SERVICE_ACCOUNTS, "default"))
"""Objects of the namespace `default` without which nothing goes: made by kube-apiserver, kube-controller-manager."""


async def start(settings: Settings, programs: Programs, stack: AsyncExitStack) -> Plane:
    """Start all three and wait until they answer; raises ProvisionError with its last words where one ends."""
    plan, directory = settings.layout, settings.directory
    place = Place(directory=directory.path / "plane", address=plan.fabric[0], advertised=plan.fabric[0])
    place.directory.mkdir()
    write_files(place, certificates=directory.certificates, token=settings.token)
    paths = {component.name: component.path for component in settings.components}
    lines = {
        ETCD: commands.etcd(paths[ETCD], place),
        API_SERVER: commands.api_server(
            paths[API_SERVER], place, service_ranges=plan.service_ranges, node_ports=plan.node_ports
        ),
        CONTROLLER_MANAGER: commands.controller_manager(
            *(paths[CONTROLLER_MANAGER], place, directory.node_kubeconfig),
            controllers=("*", *(f"-{name}" for name in LEFT_OUT)),
        ),
    }
    for name in (ETCD, API_SERVER):
        await programs.start(name, FABRIC, lines[name], {}, str(place.directory))
    listener = socket.socket(fileno=settings.listener)
    stack.callback((await relay.serve(listener, place.address, place.port)).close)
    trusted = ssl.create_default_context(cafile=directory.authority)
    client = await stack.enter_async_context(Client(place.url, token=settings.token, ssl=trusted))
    await _until(client.check_health, programs, ETCD, API_SERVER)
    # Not before: it ends where the API server is not healthy within ten seconds.
    await programs.start(CONTROLLER_MANAGER, FABRIC, lines[CONTROLLER_MANAGER], {}, str(place.directory))
    for kind, name in FIRST:
        await _until(partial(client.get, kind, name, "default"), programs, *lines)
    parts = {name: partial(programs.ended, name) for name in lines}
    return Plane(client, {**parts, "controllers": partial(controllers.run_beside_kubernetes, client)})


def write_files(place: Place, *, certificates: Path, token: str) -> None:
    """Put into its directory copies of the certificates, a key for ServiceAccounts, and the administrator's token."""
    for name in ("ca.crt", "tls.crt", "tls.key"):
        write_private(place.directory / name, (certificates / name).read_text())
    key = ec.generate_private_key(ec.SECP256R1())
    text = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    write_private(place.account_key, text.decode())
    write_private(place.tokens, f"{token},{ADMINISTRATOR}\n")


async def _until(ask: Callable[[], Awaitable[object]], programs: Programs, *names: str) -> None:
    """Ask until there is an answer, for as long as all programs run; how long a lab may take, the harness knows."""
    while True:
        try:
            await ask()
        except (ApiError, aiohttp.ClientError, TimeoutError):
            for name in names:
                code, tail = await programs.inspect(name)
                if code is not None:
                    raise ProvisionError(f"{name} ended with exit status {code}:\n{tail}") from None
            await asyncio.sleep(INTERVAL)
        else:
            return
