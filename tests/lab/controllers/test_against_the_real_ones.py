"""The same Services and pods, handled by kube-controller-manager and by the lab's controllers: the same endpoints."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from svcproof import binaries
from svcproof.api_kinds import ENDPOINT_SLICES, ENDPOINTS, NAMESPACES, NODES, PODS, SERVICES
from svcproof.lab import controllers
from svcproof.lab.client import Client, PatchType
from svcproof.lab.controllers.rules import Rules
from svcproof.lab.layout import Layout
from svcproof.lab.planes import commands
from tests.lab.controllers.real import RealPlane

Object = dict[str, Any]
PORT = {"port": 80}
WEB = {"app": "web"}
SAMPLES: dict[str, Object] = {
    "ports": {
        "selector": WEB,
        "ports": [
            {"name": "named", "port": 80, "targetPort": "web"},
            {"name": "missing", "port": 81, "targetPort": "missing"},
            {"name": "numbered", "port": 82, "targetPort": 9000, "appProtocol": "http"},
            {"name": "datagrams", "port": 82, "targetPort": 9000, "protocol": "UDP"},
        ],
    },
    "headless": {"selector": WEB, "clusterIP": "None"},
    "published": {"selector": WEB, "publishNotReadyAddresses": True, "ports": [PORT]},
    "near": {"selector": WEB, "trafficDistribution": "PreferSameZone", "ports": [PORT]},
    "nearest": {"selector": WEB, "trafficDistribution": "PreferSameNode", "ports": [PORT]},
    "nobody": {"selector": {"app": "nobody"}, "ports": [PORT]},
    "external": {"selector": WEB, "type": "ExternalName", "externalName": "example.com"},
    "dropped": {"selector": WEB, "ports": [PORT]},
    "renamed": {"selector": WEB, "ports": [PORT]},
    "hand": {"ports": [PORT]},
}
HAND = [
    {
        "addresses": [{"ip": "192.0.2.1", "nodeName": "node-a", "hostname": "first"}],
        "notReadyAddresses": [{"ip": "192.0.2.4"}],
        "ports": [{"port": 81, "name": "one"}],
    },
    {"addresses": [{"ip": "192.0.2.2"}], "ports": [{"port": 82, "name": "two"}]},
]
OF_OTHERS = {"uid", "resourceVersion", "creationTimestamp", "generation", "managedFields", "namespace", "name"}
STAMP = "endpoints.kubernetes.io/last-change-trigger-time"


async def set_up(client: Client) -> str:
    """Create everything in a namespace of its own, change some of it, and return the namespace."""
    node = {"metadata": {"name": "node-a", "labels": {"topology.kubernetes.io/zone": "zone-a"}}}
    if not (await client.list(NODES, field_selector="metadata.name=node-a"))["items"]:
        await client.create(NODES, node)
    made = await client.create(NAMESPACES, {"metadata": {"generateName": "sample-"}})
    namespace = str(made["metadata"]["name"])
    for name, spec in SAMPLES.items():
        labels = {"of": name}
        await client.create(
            SERVICES, {"metadata": {"name": name, "namespace": namespace, "labels": labels}, "spec": spec}
        )
    metadata = {"name": "hand", "namespace": namespace, "labels": {"a": "b"}, "annotations": {"c": "d"}}
    await client.create(ENDPOINTS, {"metadata": metadata, "subsets": HAND})
    await pod(client, namespace, "ready", "10.244.1.1", "True", hostname="first", subdomain="headless")
    await pod(client, namespace, "unready", "10.244.1.2", "False")
    await pod(client, namespace, "done", "10.244.1.3", "False", phase="Succeeded")
    await pod(client, namespace, "leaving", "10.244.1.4", "True")
    await client.delete(PODS, "leaving", namespace)
    await settled(client, namespace, {"10.244.1.1", "10.244.1.2", "10.244.1.4"})
    await client.patch(SERVICES, "dropped", {"spec": {"selector": None}}, namespace)
    renamed = {"type": "ExternalName", "externalName": "example.com", "clusterIP": None, "clusterIPs": None}
    await client.patch(SERVICES, "renamed", {"spec": renamed}, namespace)
    await client.patch(SERVICES, "nobody", {"metadata": {"labels": {"of": "the-last"}}}, namespace)
    return namespace


async def pod(client: Client, namespace: str, name: str, address: str, ready: str, **also: str) -> None:
    phase = also.pop("phase", "Running")
    container = {"name": "main", "image": "nginx", "ports": [{"name": "web", "containerPort": 8001}]}
    metadata = {"name": name, "namespace": namespace, "labels": WEB}
    await client.create(PODS, {"metadata": metadata, "spec": {"nodeName": "node-a", "containers": [container], **also}})
    status = {
        "phase": phase,
        "podIP": address,
        "podIPs": [{"ip": address}],
        "conditions": [{"type": "Ready", "status": ready}],
    }
    await client.patch(PODS, name, {"status": status}, namespace, type=PatchType.STRATEGIC, subresource="status")


async def settled(client: Client, namespace: str, addresses: set[str]) -> None:
    """Wait until every Service of ours that has pods shows them, the last one as leaving."""
    having = {name for name, spec in SAMPLES.items() if spec.get("selector") == WEB} - {"external"}
    async with asyncio.timeout(30):
        while True:
            seen: dict[str, dict[str, Object]] = {}
            for one in (await client.list(ENDPOINT_SLICES, namespace))["items"]:
                held = seen.setdefault(one["metadata"]["labels"]["kubernetes.io/service-name"], {})
                held |= {each["addresses"][0]: each["conditions"] for each in one["endpoints"] or ()}
            if all(
                set(seen.get(name, {})) == addresses and seen[name]["10.244.1.4"].get("terminating") for name in having
            ):
                return
            await asyncio.sleep(0.05)


async def result(client: Client, namespace: str) -> list[Object]:
    """What the controllers made, without what differs from run to run."""
    async with asyncio.timeout(30):
        while True:
            slices = (await client.list(ENDPOINT_SLICES, namespace))["items"]
            mirrored = {
                one["metadata"]["labels"]["kubernetes.io/service-name"]
                for one in slices
                if one["metadata"]["labels"]["endpointslice.kubernetes.io/managed-by"].startswith("endpointslicemirr")
            }
            last = [one for one in slices if one["metadata"]["labels"].get("of") == "the-last"]
            if last and mirrored == {"hand", "dropped"}:
                break
            await asyncio.sleep(0.05)
    endpoints = (await client.list(ENDPOINTS, namespace))["items"]
    named = [{**plain(one), "name": one["metadata"]["name"]} for one in endpoints]
    return sorted([*map(plain, slices), *named], key=repr)


def plain(item: Object) -> Object:
    metadata = {key: value for key, value in item["metadata"].items() if key not in OF_OTHERS}
    metadata["annotations"] = {key: value for key, value in (metadata.get("annotations") or {}).items() if key != STAMP}
    rest = {key: value for key, value in item.items() if key != "metadata"}
    return ordered({"metadata": metadata, **rest})


def ordered(value: Any) -> Any:
    """Without identities, and with lists in an order of their own."""
    if isinstance(value, dict):
        return {key: ordered(one) for key, one in sorted(value.items()) if key not in ("uid", "namespace")}
    return sorted(map(ordered, value), key=repr) if isinstance(value, list) else value


@contextmanager
def manager(plane: RealPlane, directory: Path) -> Iterator[None]:
    found = binaries.look("kube-controller-manager")
    if found is None:
        pytest.skip("no kube-controller-manager at hand: scripts/obtain kube-controller-manager")
    kinds = ("endpointslice", "endpoints", "endpointslice-mirroring")
    names = [f"{kind}-controller" for kind in kinds]
    command = commands.controller_manager(found.path, plane.server.place, plane.kubeconfig, names)
    with (directory / "kube-controller-manager.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        yield
    finally:
        process.kill()
        process.wait()


@asynccontextmanager
async def ours(client: Client, plan: Layout) -> AsyncIterator[None]:
    working = asyncio.create_task(controllers.run(client, Rules()))
    try:
        yield
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)


@pytest.mark.lab
def test_endpoints_are_those_of_kube_controller_manager(real_plane: RealPlane, plan: Layout, tmp_path: Path) -> None:
    async def with_theirs() -> list[Object]:
        async with real_plane() as client:
            with manager(real_plane, tmp_path):
                return await result(client, await set_up(client))

    async def with_ours() -> list[Object]:
        async with real_plane() as client, ours(client, plan):
            return await result(client, await set_up(client))

    assert asyncio.run(with_ours()) == asyncio.run(with_theirs())
