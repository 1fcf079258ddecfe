"""A lab of API server, network and kubelets only: `mini_lab.py SPEC DIRECTORY [FAULT ...]`, until it is killed."""

import asyncio
import sys
from pathlib import Path

from aiohttp import web

from harness.lab import kubelet
from harness.lab.apiserver import ApiConfig, application
from harness.lab.client import Client
from harness.lab.layout import layout
from harness.lab.network import Network
from harness.lab.process.directory import Directory
from harness.lab.runtime import Runtime
from harness.model.cluster_spec import ClusterSpec


async def main(spec: ClusterSpec, directory: Directory, faults: frozenset[str]) -> None:
    places = layout(spec)
    network = Network(places)
    await network.up()
    runner = web.AppRunner(application(ApiConfig(layout=places, token="t")), access_log=None)
    await runner.setup()
    await web.UnixSite(runner, str(directory.api)).start()
    async with Runtime() as runtime, Client("http://lab", socket=directory.api) as client, asyncio.TaskGroup() as group:
        for node in places.nodes:
            group.create_task(kubelet.run(node, client, places, network, runtime, directory, faults))


if __name__ == "__main__":
    asyncio.run(
        main(ClusterSpec.model_validate_json(sys.argv[1]), Directory(Path(sys.argv[2])), frozenset(sys.argv[3:]))
    )
