"""The network of a lab, made by `ip -batch`: one call for all links, one in each namespace."""

import asyncio
import ctypes
import os
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from svcproof.errors import ProvisionError
from svcproof.lab.layout import Layout, NodePlace
from svcproof.lab.network import wiring

Result = TypeVar("Result")

NAMESPACES = Path("/run/netns")
SYSCTL = Path("/proc/sys/net")
CLONE_NEWNET = 0x40000000
"""Of <linux/sched.h>; os.setns and its flags come with Python 3.12."""


class Network:
    """The network of one lab, in the namespaces of this process."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    async def up(self) -> None:
        """Make the fabric, the nodes and the outside clients; raises ProvisionError where `ip` refuses."""
        layout = self._layout
        places = [place.netns for place in layout.nodes] + [client.netns for client in layout.outside]
        _write(wiring.ROUTER)
        await _ip(
            *wiring.fabric(layout, os.getpid()),
            *(line for number, netns in enumerate(places) for line in wiring.place(netns, f"port{number}")),
        )
        for place in layout.nodes:
            within(place.netns, partial(_write, wiring.ROUTER))
        for client in layout.outside:
            within(client.netns, partial(_write, wiring.HOST))
        await asyncio.gather(
            *(_ip(*wiring.node(layout, place), netns=place.netns) for place in layout.nodes),
            *(_ip(*wiring.outside(layout, client), netns=client.netns) for client in layout.outside),
        )

    async def add_pod(self, netns: str, node: NodePlace, addresses: tuple[str, ...]) -> None:
        """Make the namespace of a pod, with these addresses, on this node; raises ProvisionError."""
        port = _port(netns)
        await _ip(*wiring.new_pod(netns, port, node))
        within(node.netns, partial(_write, wiring.port_sysctls(port)))
        within(netns, partial(_write, wiring.POD))
        await asyncio.gather(
            _ip(*wiring.pod(addresses), netns=netns),
            _ip(*wiring.pod_port(port, node, addresses), netns=node.netns),
        )

    async def remove_pod(self, netns: str) -> None:
        """Remove a pod's namespace, and with it its link and the routes to it; raises ProvisionError."""
        # The link first: the kernel frees a namespace when it pleases, and until then the name would be taken.
        await _ip(f"link delete {wiring.UPLINK}", netns=netns)
        await _ip(f"netns delete {netns}")

    def socket_in(self, netns: str, family: int, kind: int, protocol: int = 0) -> socket.socket:
        """Return a new socket that lives in this namespace; raises OSError."""
        return within(netns, partial(socket.socket, family, kind, protocol))

    def socket_factory(self, netns: str) -> Callable[[Any], socket.socket]:
        """Return the function by which aiohttp makes its sockets in this namespace, from items of getaddrinfo."""
        return lambda info: self.socket_in(netns, *info[:3])

    def bound_socket(self, netns: str, kind: int, address: str, port: int) -> socket.socket:
        """Return a socket of this namespace that is bound to an address, for an event loop; raises OSError."""
        bound = self.socket_in(netns, socket.AF_INET6 if ":" in address else socket.AF_INET, kind)
        bound.setblocking(False)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((address, port))
        return bound


def within(netns: str, action: Callable[[], Result]) -> Result:
    """Return what `action` returns in the network namespace `netns`.

    It runs in a thread that ends with it, so that no other code can find itself in the wrong namespace. A socket
    stays for good in the namespace it was made in. Raises OSError where there is no such namespace.
    """
    with ThreadPoolExecutor(1) as executor:
        return executor.submit(_enter_and_run, netns, action).result()


def _enter_and_run(netns: str, action: Callable[[], Result]) -> Result:
    path = NAMESPACES / netns
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if ctypes.CDLL(None, use_errno=True).setns(descriptor, CLONE_NEWNET):
            number = ctypes.get_errno()
            raise OSError(number, f"cannot enter: {os.strerror(number)}", str(path))
    finally:
        os.close(descriptor)
    return action()


def _port(netns: str) -> str:
    """Return the name of the node's end of a pod's link; names of devices have at most 15 characters."""
    return "veth" + netns.removeprefix("pod-")[:11]


def _write(sysctls: wiring.Sysctls) -> None:
    for path, value in sysctls.items():
        (SYSCTL / path).write_text(value)


async def _ip(*lines: str, netns: str = "") -> None:
    option = ("-netns", netns) if netns else ()
    process = await asyncio.create_subprocess_exec(
        "ip", *option, "-batch", "-", stdin=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    _, error = await process.communicate("".join(f"{line}\n" for line in lines).encode())
    if process.returncode:
        message = error.decode(errors="replace").strip()
        raise ProvisionError(f"ip refused to wire {netns or 'the fabric'} of the lab: {message}\n" + "\n".join(lines))
