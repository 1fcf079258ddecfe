"""The kubelet of one node: registers it, and gives every pod bound to it its life."""

import asyncio
import logging

from svcproof.api_kinds import PODS
from svcproof.lab.client import ChangeType, Client, Event, Informer, Recorder
from svcproof.lab.directory import Directory
from svcproof.lab.kubelet import server
from svcproof.lab.kubelet.host_path import HostFiles
from svcproof.lab.kubelet.node import register
from svcproof.lab.kubelet.pod import Pod
from svcproof.lab.kubelet.pod_resources import Addresses, PodResources
from svcproof.lab.kubelet.probe import Prober
from svcproof.lab.kubelet.rules import Rules
from svcproof.lab.kubelet.sandbox import Host
from svcproof.lab.layout import Layout, NodePlace
from svcproof.lab.network import Network
from svcproof.lab.runtime import Runtime
from svcproof.lab.serving import server_context

FINISHED = frozenset({"Succeeded", "Failed"})
log = logging.getLogger(__name__)


async def run(
    node: NodePlace,
    client: Client,
    layout: Layout,
    network: Network,
    runtime: Runtime,
    directory: Directory,
    rules: Rules,
) -> None:
    """Be the kubelet of `node` until cancelled."""
    prober = Prober(network, node)
    host = Host(
        node=node,
        client=client,
        layout=layout,
        network=network,
        runtime=runtime,
        prober=prober,
        recorder=Recorder(client, "kubelet", node.name),
        pods=directory.pods,
        files=HostFiles(
            kept=directory.path / "files" / node.name,
            hidden=directory.path.parent,
            volumes=directory.path / "volumes",
        ),
        shared=directory.agents,
        tls=server_context(directory.certificates),
        rules=rules,
    )
    try:
        await register(client, node)
        await Kubelet(host).run()
    finally:
        await prober.close()


class Kubelet:
    """The pods of one node, by uid."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._pods: dict[str, Pod] = {}
        self._addresses = Addresses(host.node.pod_ranges)
        self._informer = Informer(host.client, PODS, field_selector=f"spec.nodeName={host.node.name}")

    async def run(self) -> None:
        """Follow the API until cancelled."""
        async with asyncio.TaskGroup() as group, server.serving(self._host, self._pods):
            group.create_task(self._informer.run())
            async for event in self._informer.events():
                self._follow(event, group)

    def _follow(self, event: Event, group: asyncio.TaskGroup) -> None:
        uid = event.object["metadata"]["uid"]
        pod = self._pods.get(uid)
        if event.change is ChangeType.DELETED:
            if pod:
                pod.gone()
        elif pod:
            pod.update(event.object)
        elif event.object.get("status", {}).get("phase") not in FINISHED:
            pod = Pod(self._host, event.object, PodResources(self._host, event.object, self._addresses))
            self._pods[uid] = pod
            group.create_task(self._live(uid, pod), name=f"pod {event.object['metadata']['name']}")

    async def _live(self, uid: str, pod: Pod) -> None:
        try:
            await pod.run()
        except Exception:
            # What one pod leaves behind must not end the node, and with it the lab.
            log.exception("pod %s was not removed properly", pod.object["metadata"]["name"])
        finally:
            del self._pods[uid]
