#!/usr/bin/env python3
"""A Service proxy in user space that keeps the addresses of clients: proxy.py KUBECONFIG NODE."""

import asyncio
import resource
import subprocess
import sys
import threading
from pathlib import Path

from forwarding import Relay
from services import Frontend, Key, Node, Object, frontends, read_node
from watch import Server

RESOURCES = NODES, SERVICES, SLICES = "/api/v1/nodes", "/api/v1/services", "/apis/discovery.k8s.io/v1/endpointslices"
GATHER_SECONDS = 0.02
STATUS, RULES = Path("/run/userspace-proxy"), Path(__file__).with_name("rules.nft").read_text()
ROUTE_OF_MARKED_PACKETS = """
ip route replace local 0.0.0.0/0 dev lo table 0x57A1
ip rule del fwmark 0x57A1 2>/dev/null
ip rule add fwmark 0x57A1 lookup 0x57A1 priority 100
"""


def render(served: dict[Key, Frontend], node: Node) -> str:
    """Write the table of rules that serves the frontends."""
    elements = [f"pods {{ {pods} }}" for pods in node.pods if ":" not in pods]
    for (address, protocol, port), frontend in served.items():
        chain = "relay" if frontend.outside else "relay-inside" if frontend.inside else "refuse"
        elements.append(f"frontends {{ {address} . {protocol} . {port} : goto {chain} }}")
    return RULES + "\n".join(f"add element ip userspace-proxy {element}" for element in elements) + "\n"


async def serve(server: Server, node_name: str) -> None:
    """Keep the relay and the rules in step with what the API server reports, for ever."""
    loop, changed, objects = asyncio.get_running_loop(), asyncio.Event(), dict[str, list[Object]]()

    def follow(path: str) -> None:
        for state in server.follow(path):
            objects[path] = state
            loop.call_soon_threadsafe(changed.set)

    for path in RESOURCES:
        threading.Thread(target=follow, args=(path,), daemon=True).start()
    async with asyncio.TaskGroup() as tasks:
        relay, loaded = Relay(tasks), ""
        while await changed.wait():
            await asyncio.sleep(GATHER_SECONDS)
            changed.clear()
            if len(objects) < len(RESOURCES):
                continue
            node = next((node for node in map(read_node, objects[NODES]) if node.name == node_name), Node(node_name))
            served = frontends(objects[SERVICES], objects[SLICES], node)
            relay.update(node, served)
            STATUS.write_text("".join(f"{key} {frontend}\n" for key, frontend in sorted(served.items())))
            if (rules := render(served, node)) != loaded:
                await asyncio.to_thread(subprocess.run, ["nft", "-f", "-"], input=rules, text=True, check=True)
                loaded = rules


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    subprocess.run(["sh", "-c", ROUTE_OF_MARKED_PACKETS], check=True)
    asyncio.run(serve(Server(Path(sys.argv[1])), sys.argv[2]))
