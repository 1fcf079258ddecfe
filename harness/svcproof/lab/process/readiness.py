"""The readiness of a program in the lab, asked over HTTP in the namespace it runs in."""

import asyncio

import aiohttp

from svcproof.lab.network import Network
from svcproof.lab.process.programs import Programs

INTERVAL = 0.05
ONE_ANSWER = 2.0
STANDING = 0.5
"""Seconds that a program must run to count as ready where there is nothing to ask."""


async def await_ready(
    programs: Programs, network: Network, name: str, netns: str, url: str, within: float
) -> tuple[int | None, str]:
    """Wait until `url` answers 200; return the program's exit code, or None, and why it is not ready, or nothing."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + (within if url else STANDING)
    trouble = ""
    connector = aiohttp.TCPConnector(socket_factory=network.socket_factory(netns))
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=ONE_ANSWER)) as session:
        while loop.time() < deadline:
            code, _ = await programs.inspect(name)
            if code is not None:
                return code, f"it ended with exit status {code}"
            if url and not (trouble := await _fault_of_answer(session, url)):
                return None, ""
            await asyncio.sleep(INTERVAL)
    return None, f"after {within:g} s, {trouble}" if url else ""


async def _fault_of_answer(session: aiohttp.ClientSession, url: str) -> str:
    """Ask once; return a sentence about what is wrong with the answer, empty for status 200."""
    try:
        async with session.get(url, allow_redirects=False) as response:
            return "" if response.status == 200 else f"{url} answered {response.status}"
    except TimeoutError:
        return f"{url} did not answer within {ONE_ANSWER:g} s"
    except aiohttp.ClientError as error:
        return f"{url} did not answer: {error}"
