"""A lab of API server, network and kubelets only: `mini_lab.py CONFIG DIRECTORY LISTENER [FAULT ...]`."""

import asyncio
import json
import socket
import ssl
import sys
from pathlib import Path

from aiohttp import web

from svcproof.fault import mutated
from svcproof.lab import kubelet
from svcproof.lab.apiserver import ApiConfig, application
from svcproof.lab.client import Client
from svcproof.lab.directory import Directory
from svcproof.lab.faults.kubelet import FAULTS
from svcproof.lab.kubelet.rules import Rules
from svcproof.lab.layout import LabConfig, layout
from svcproof.lab.network import Network
from svcproof.lab.process.settings import decoded
from svcproof.lab.runtime import Runtime


async def main(config: LabConfig, directory: Directory, listener: socket.socket, faults: list[str]) -> None:
    places = layout(config)
    network, rules = Network(places), mutated(Rules(), FAULTS, faults)
    await network.up()
    runner = web.AppRunner(application(ApiConfig(layout=places, token="t", authority="ca")), access_log=None)
    await runner.setup()
    await web.UnixSite(runner, str(directory.api)).start()
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(directory.certificates / "tls.crt", directory.certificates / "tls.key")
    await web.SockSite(runner, listener, ssl_context=tls).start()
    async with Runtime() as runtime, Client("http://lab", socket=directory.api) as client, asyncio.TaskGroup() as group:
        for node in places.nodes:
            group.create_task(kubelet.run(node, client, places, network, runtime, directory, rules))


if __name__ == "__main__":
    _, config, path, fd, *faults = sys.argv
    asyncio.run(
        main(
            decoded(LabConfig, json.loads(config)),
            Directory(Path(path)),
            socket.socket(fileno=int(fd)),
            faults,
        )
    )
