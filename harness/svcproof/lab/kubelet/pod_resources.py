"""The resources of a pod on its node: its addresses, its network namespace, its files."""

import asyncio
import logging
from collections import deque
from collections.abc import Iterator

from svcproof.addresses import Range
from svcproof.disk import remove_tree
from svcproof.errors import ProvisionError
from svcproof.json_objects import Object
from svcproof.lab.kubelet.sandbox import Host, Sandbox
from svcproof.lab.kubelet.values import MissingValueError
from svcproof.lab.kubelet.volumes import Volume, Volumes

FIRST_ADDRESS = 2
"""The range's first address is left alone: other networks give it to a bridge."""
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0
log = logging.getLogger(__name__)


class Addresses:
    """Hands out addresses of the node's ranges, one of each; one given back is used again as late as possible."""

    def __init__(self, ranges: tuple[Range, ...]) -> None:
        self._fresh = [_hosts(whole) for whole in ranges]
        self._returned: deque[tuple[str, ...]] = deque()

    def take(self) -> tuple[str, ...]:
        """Take one address of each range, the primary family's first; raises LookupError when there are none left."""
        fresh = tuple(address for address in (next(hosts, "") for hosts in self._fresh) if address)
        if len(fresh) == len(self._fresh):
            return fresh
        if not self._returned:
            raise LookupError("every pod address of the node is in use")
        return self._returned.popleft()

    def give_back(self, addresses: tuple[str, ...]) -> None:
        """Take back what a pod had."""
        self._returned.append(addresses)


class PodResources:
    """The resources of one pod: prepared once, cleared once."""

    def __init__(self, host: Host, pod: Object, pool: Addresses) -> None:
        uid = pod["metadata"]["uid"]
        self.addresses: tuple[str, ...] = ()
        self._host, self._pool = host, pool
        self._directory = host.pods / uid
        self._own = not pod["spec"].get("hostNetwork")
        self.netns = f"pod-{uid[:8]}" if self._own else host.node.netns
        self._wiring: asyncio.Task[None] | None = None

    async def prepare(self, pod: Object) -> Sandbox:
        """Make everything, waiting for what the pod refers to and is not there yet."""
        host = self._host
        if self._own:
            self.addresses = self._pool.take()
            # Shielded, so that there is no half a namespace where the pod is deleted meanwhile.
            self._wiring = asyncio.create_task(host.network.add_pod(self.netns, host.node, self.addresses))
            await asyncio.shield(self._wiring)
        else:
            self.addresses = host.node.addresses
        placed = _placed(pod, self.addresses, host.node.addresses)
        self._directory.mkdir(parents=True, exist_ok=True)
        rules, name = host.rules, host.rules.hostname(pod, host.node.name)
        (self._directory / "hostname").write_text(f"{name}\n")
        (self._directory / "resolv.conf").write_text(rules.resolv_conf(pod, host.layout, rules.cluster_first))
        (self._directory / "hosts").write_text(rules.hosts(pod, self.addresses, host.layout))
        return Sandbox(
            pod=placed,
            netns=self.netns,
            hostname=name,
            addresses=self.addresses,
            directory=self._directory,
            volumes=await self._volumes(placed),
        )

    async def clear(self) -> None:
        """Remove the namespace and the files, and give the addresses back."""
        if self._wiring:
            try:
                await self._wiring
                await self._host.network.remove_pod(self.netns)
            except ProvisionError as error:
                log.error("the network of pod %s could not be removed: %s", self.netns, error)
            else:
                self._pool.give_back(self.addresses)
        for path in remove_tree(self._directory):
            log.error("the files of pod %s could not be removed: %s", self.netns, path)

    async def _volumes(self, pod: Object) -> dict[str, Volume]:
        reported, pause = "", FIRST_PAUSE
        while True:
            try:
                return dict(await Volumes(self._host.client, self._host.files).make(pod, self._directory / "volumes"))
            except MissingValueError as error:
                if str(error) != reported:
                    reported = str(error)
                    await self._host.recorder.warning(pod, "FailedMount", f"MountVolume.SetUp failed for {error}")
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


def _placed(pod: Object, addresses: tuple[str, ...], host: tuple[str, ...]) -> Object:
    """The pod with its addresses in its status, as the downward API gives them."""
    status = {
        **pod.get("status", {}),
        "podIP": addresses[0],
        "podIPs": [{"ip": address} for address in addresses],
        "hostIP": host[0],
        "hostIPs": [{"ip": address} for address in host],
    }
    return {**pod, "status": status}


def _hosts(whole: Range) -> Iterator[str]:
    return (str(whole[index]) for index in range(FIRST_ADDRESS, min(whole.num_addresses, 1 << 16) - 1))
