"""One probe of a container: HTTP, TCP or a command in it.

https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp

from svcproof.json_objects import Object
from svcproof.lab.client.client import REQUEST_SECONDS
from svcproof.lab.layout import NodePlace
from svcproof.lab.network import Network

AGENT = "kube-probe/1.36"
MOST_BODY = 300
Execute = Callable[[tuple[str, ...], float], Awaitable[tuple[int, bytes]]]
"""Runs a command in the container for at most so many seconds: exit code and output; raises TimeoutError."""


class Prober:
    """Makes probes from one node's network namespace; to be closed."""

    def __init__(self, network: Network, node: NodePlace) -> None:
        self._in_node = network.socket_factory(node.netns)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, force_close=True, ssl=False, socket_factory=self._in_node),
            headers={"User-Agent": AGENT, "Accept": "*/*"},
            timeout=aiohttp.ClientTimeout(total=REQUEST_SECONDS),
        )

    async def close(self) -> None:
        """Give up all connections."""
        await self._session.close()

    async def ask(self, action: Object, address: str, container: Object, execute: Execute, seconds: float) -> str:
        """Do what `action` (a probe or lifecycle handler) says; empty for success, otherwise what was wrong."""
        try:
            async with asyncio.timeout(seconds):
                if "httpGet" in action:
                    return await self._http(action["httpGet"], address, container)
                if "tcpSocket" in action:
                    return await self._tcp(action["tcpSocket"], address, container)
                if "exec" in action:
                    code, output = await execute(tuple(action["exec"]["command"]), seconds)
                    return "" if code == 0 else output.decode(errors="replace").strip() or f"exit code {code}"
                if "sleep" in action:
                    await asyncio.sleep(action["sleep"]["seconds"])
                    return ""
        except TimeoutError:
            return f"no answer within {seconds:g} s"
        except (aiohttp.ClientError, OSError) as error:
            return str(error)
        return "probes of this kind are not supported by this kubelet"

    async def _http(self, get: Object, address: str, container: Object) -> str:
        host, port = get.get("host") or address, _port(get["port"], container)
        name = f"[{host}]" if ":" in host else host
        url = f"{get.get('scheme', 'HTTP').lower()}://{name}:{port}/{get.get('path', '/').lstrip('/')}"
        headers = {header["name"]: header["value"] for header in get.get("httpHeaders", ())}
        async with self._session.get(url, headers=headers, allow_redirects=False) as answer:
            body = await answer.content.read(MOST_BODY)
        if 200 <= answer.status < 400:
            return ""
        return f"HTTP probe failed with statuscode: {answer.status}: {body.decode(errors='replace')}"

    async def _tcp(self, tcp: Object, address: str, container: Object) -> str:
        host, port = tcp.get("host") or address, _port(tcp["port"], container)
        loop = asyncio.get_running_loop()
        info = (await loop.getaddrinfo(host, port, type=1))[0]
        with self._in_node(info) as sock:
            sock.setblocking(False)
            await loop.sock_connect(sock, info[4])
        return ""


@dataclass(frozen=True, slots=True)
class Timing:
    """The times of probes, in seconds, and the number of results in a row that count."""

    delay: float
    period: float
    timeout: float
    successes: int
    failures: int

    @classmethod
    def of(cls, probe: Object) -> "Timing":
        """Read it from a probe, with the API's defaults."""
        return cls(
            delay=probe.get("initialDelaySeconds") or 0,
            period=probe.get("periodSeconds") or 10,
            timeout=probe.get("timeoutSeconds") or 1,
            successes=probe.get("successThreshold") or 1,
            failures=probe.get("failureThreshold") or 3,
        )


def _port(port: int | str, container: Object) -> int:
    """A port by number, or by the name the container gives it."""
    if isinstance(port, int) or port.isdigit():
        return int(port)
    named = (offer["containerPort"] for offer in container.get("ports", ()) if offer.get("name") == port)
    number = next(named, None)
    if number is None:
        raise OSError(f"couldn't find port: {port}")
    return int(number)
