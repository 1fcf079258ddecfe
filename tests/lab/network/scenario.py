"""Run inside a lab's namespaces: wires up a network with pods, tries it out, and prints what came of it as JSON."""

import asyncio
import json
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from svcproof.lab.layout import LabConfig, layout
from svcproof.lab.network import Network, within
from svcproof.lab.process.settings import decoded

HAIRPIN = """
table ip test {
    chain in { type nat hook prerouting priority dstnat; ip daddr 10.96.0.50 dnat to 10.244.1.5; }
    chain out { type nat hook postrouting priority srcnat; ip saddr 10.244.1.5 ip daddr 10.244.1.5 masquerade; }
}
"""


def seen(network: Network, client: str, server: str, address: str, dial: str = "") -> str:
    """Connect over TCP and return the address the server saw, or the name of the error."""
    listener = network.socket_in(server, socket.AF_INET, socket.SOCK_STREAM)
    caller = network.socket_in(client, socket.AF_INET, socket.SOCK_STREAM)
    with listener, caller:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, 8080))
        listener.listen()
        for one in (listener, caller):
            one.settimeout(2)
        try:
            caller.connect((dial or address, 8080))
            accepted, (peer, _) = listener.accept()
            accepted.close()
        except OSError as error:
            return type(error).__name__
        return str(peer)


def silent(network: Network, client: str, address: str) -> bool:
    """Whether a connection to an address of nobody gets no answer at all."""
    with network.socket_in(client, socket.AF_INET, socket.SOCK_STREAM) as caller:
        caller.settimeout(0.3)
        try:
            caller.connect((address, 80))
        except TimeoutError:
            return True
        except OSError:
            return False
    return False


async def scenario(network: Network, spec: LabConfig) -> dict[str, Any]:
    await network.up()
    plan = layout(spec)
    first, second = plan.nodes
    for netns, node, address in (
        ("pod-1", first, "10.244.1.5"),
        ("pod-2", first, "10.244.1.6"),
        ("pod-3", second, "10.244.2.5"),
    ):
        await network.add_pod(netns, node, (address,))
    found: dict[str, Any] = {
        "same node": seen(network, "pod-1", "pod-2", "10.244.1.6"),
        "other node": seen(network, "pod-1", "pod-3", "10.244.2.5"),
        "node to own pod": seen(network, "node-a", "pod-1", "10.244.1.5"),
        "node to other pod": seen(network, "node-a", "pod-3", "10.244.2.5"),
        "pod to fabric": seen(network, "pod-1", "fabric", "172.30.0.1"),
        "pod to outside": seen(network, "pod-1", "outside-1", "172.30.0.101"),
        "outside to node": seen(network, "outside-1", "node-b", "172.30.0.12"),
        "silent": {
            f"{client} to {address}": silent(network, client, address)
            for client in ("node-a", "pod-1", "outside-1")
            for address in ("10.96.0.9", "198.51.100.9")
        },
    }
    within("node-a", lambda: subprocess.run(["nft", "-f", "-"], input=HAIRPIN, text=True, check=True))
    found["hairpin"] = seen(network, "pod-1", "pod-1", "10.244.1.5", dial="10.96.0.50")
    started = time.perf_counter()
    await network.remove_pod("pod-1")
    await network.add_pod("pod-1", first, ("10.244.1.5",))
    found["replaced in"] = time.perf_counter() - started
    found["replaced"] = seen(network, "pod-2", "pod-1", "10.244.1.5")
    await network.remove_pod("pod-3")
    found["left"] = sorted(path.name for path in Path("/run/netns").iterdir())
    return found


def main() -> None:
    spec = decoded(LabConfig, json.loads(sys.argv[1]))
    sys.stdout.write(json.dumps(asyncio.run(scenario(Network(layout(spec)), spec))))


if __name__ == "__main__":
    main()
