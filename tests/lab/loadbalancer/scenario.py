"""Run inside a lab's namespaces: a network, an API server, DNS and the load balancer, seen from outside the cluster.

Prints what came of it as JSON.
"""

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import dns.message
import dns.query

from svcproof.api_kinds import ENDPOINT_SLICES, EVENTS, NODES, SERVICES
from svcproof.lab import dns as lab_dns
from svcproof.lab import loadbalancer
from svcproof.lab.client import Client, PatchType
from svcproof.lab.layout import LabConfig, Layout, layout
from svcproof.lab.network import Network, within
from svcproof.lab.process.settings import decoded
from tests.lab.builtin_plane import serve

Object = dict[str, Any]
PORTS = [{"name": "http", "port": 80, "targetPort": 8080, "protocol": "TCP"}]


class Outside:
    """The client outside, and what it learns by ARP."""

    def __init__(self, network: Network, plan: Layout) -> None:
        self._network = network
        self._nodes = {_mac(place.netns): place.name for place in plan.nodes}

    def announcer(self, address: str) -> str:
        """The node that answers ARP for an address, asked anew; empty where none does."""
        _in_outside("ip", "neigh", "flush", "to", address)
        with self._network.socket_in("outside-1", socket.AF_INET, socket.SOCK_DGRAM) as knocking:
            knocking.sendto(b"", (address, 9))
        return self.believed(address)

    def believed(self, address: str) -> str:
        """The node that the client believes to have an address, without asking."""
        found = json.loads(_in_outside("ip", "-json", "neigh", "show", "to", address) or "[]")
        return next((self._nodes[one["lladdr"]] for one in found if "lladdr" in one), "")


async def scenario(spec: LabConfig) -> Object:
    plan, found = layout(spec), {}
    network = Network(plan)
    await network.up()
    outside = Outside(network, plan)
    async with serve(plan) as client, _parts(client, plan, network):
        for place in plan.nodes:
            await _node(client, place.name)
        found["zone"] = await _until(lambda: asyncio.to_thread(_lookup, plan), bool)
        await _service(client, "local", externalTrafficPolicy="Local")
        await _slice(client, "local", "node-a")
        address = await _until(lambda: _address(client, "local"), bool)
        found["assigned"] = address
        found["first"] = await _until(_asking(outside, address), bool)
        await _slice(client, "local", "node-b")
        # Told, not asked: the entry that the client has already must change.
        found["told of the move"] = await _until(lambda: _now(outside.believed(address)), lambda seen: seen == "node-b")
        await _slice(client, "local", "")
        found["without endpoints"] = await _until(_asking(outside, address), lambda seen: not seen)
        for name in ("second", "third"):
            await _service(client, name)
        found["second"] = await _until(lambda: _address(client, "second"), bool)
        found["exhausted"] = await _until(lambda: _reasons(client, "third"), lambda seen: "AllocationFailed" in seen)
        await client.patch(SERVICES, "second", {"spec": {"type": "ClusterIP"}}, "default")
        found["handed on"] = await _until(lambda: _address(client, "third"), bool)
        found["cleared"] = await _address(client, "second")
        await client.patch(SERVICES, "third", {"metadata": {"labels": {"any": "thing"}}}, "default")
        await client.delete(SERVICES, "local", "default")
        await _service(client, "fourth")
        found["given again"] = await _until(lambda: _address(client, "fourth"), bool)
        found["kept"] = await _address(client, "third")
    return found


@asynccontextmanager
async def _parts(client: Client, plan: Layout, network: Network) -> AsyncIterator[None]:
    parts = [asyncio.create_task(part.run(client, plan, part.Rules(), network)) for part in (lab_dns, loadbalancer)]
    try:
        yield
    finally:
        for part in parts:
            part.cancel()
        ended = await asyncio.gather(*parts, return_exceptions=True)
        for one in ended:
            if isinstance(one, Exception):
                raise one


def _lookup(plan: Layout) -> list[str]:
    """What the fabric's name server says to a node, over UDP, then over TCP."""
    query = dns.message.make_query("kube-dns.kube-system.svc.cluster.local", "A")
    said = []
    for kind, ask in ((socket.SOCK_DGRAM, dns.query.udp), (socket.SOCK_STREAM, dns.query.tcp)):
        with within("node-a", lambda kind=kind: socket.socket(type=kind)) as asking:
            if kind is socket.SOCK_STREAM:
                asking.connect((plan.fabric[0], 53))
            asking.setblocking(False)
            answer = ask(query, plan.fabric[0], 5, sock=asking)
        said += [str(one) for held in answer.answer for one in held]
    return said


async def _node(client: Client, name: str) -> None:
    await client.create(NODES, {"metadata": {"name": name}})
    status = {"status": {"conditions": [{"type": "Ready", "status": "True"}]}}
    await client.patch(NODES, name, status, type=PatchType.STRATEGIC, subresource="status")


async def _service(client: Client, name: str, **spec: Any) -> None:
    spec = {"type": "LoadBalancer", "ports": PORTS, **spec}
    await client.create(SERVICES, {"metadata": {"name": name, "namespace": "default"}, "spec": spec})


async def _slice(client: Client, name: str, node: str) -> None:
    """Say that the Service's only endpoint is on this node, or that there is none."""
    metadata = {"name": name, "namespace": "default", "labels": {"kubernetes.io/service-name": name}}
    one = {"addresses": ["10.244.1.5"], "conditions": {"ready": True}, "nodeName": node}
    body = {"metadata": metadata, "addressType": "IPv4", "ports": [], "endpoints": [one] if node else []}
    known = (await client.list(ENDPOINT_SLICES, "default", field_selector=f"metadata.name={name}"))["items"]
    await (client.replace(ENDPOINT_SLICES, body) if known else client.create(ENDPOINT_SLICES, body))


async def _address(client: Client, name: str) -> str:
    status = (await client.get(SERVICES, name, "default"))["status"]
    return "".join(one["ip"] for one in status.get("loadBalancer", {}).get("ingress") or ())


async def _reasons(client: Client, name: str) -> list[str]:
    found = (await client.list(EVENTS, "default", field_selector=f"involvedObject.name={name}"))["items"]
    return [one["reason"] for one in found]


async def _now(seen: str) -> str:
    return seen


def _asking(outside: Outside, address: str) -> Callable[[], Awaitable[str]]:
    async def ask() -> str:
        outside.announcer(address)
        await asyncio.sleep(0.1)
        return outside.believed(address)

    return ask


async def _until(look: Callable[[], Awaitable[Any]], right: Callable[[Any], Any]) -> Any:
    async with asyncio.timeout(15):
        while not right(seen := await look()):
            await asyncio.sleep(0.02)
    return seen


def _mac(netns: str) -> str:
    shown = subprocess.run(
        ["ip", "-netns", netns, "-json", "link", "show", "eth0"], capture_output=True, check=True, text=True
    )
    return str(json.loads(shown.stdout)[0]["address"])


def _in_outside(*command: str) -> str:
    entered = ("ip", "netns", "exec", "outside-1", *command)
    return subprocess.run(entered, capture_output=True, check=True, text=True).stdout


def main() -> None:
    spec = decoded(LabConfig, json.loads(sys.argv[1]))
    sys.stdout.write(json.dumps(asyncio.run(scenario(spec))))


if __name__ == "__main__":
    main()
