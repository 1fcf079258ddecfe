"""Requests of the harness to the process of a lab: one line of JSON each way on `control.sock`.

    {"run": {"netns": "node-a", "argv": ["nft", "list", "ruleset"], "timeout": 5}}
        -> {"code": 0, "stdout": "...", "stderr": ""}         code is null where time ran out
    {"start": {"name": "proxy-node-a", "netns": "node-a", "argv": [...], "environment": {}, "directory": "/..."}} -> {}
    {"inspect": {"name": "proxy-node-a"}} -> {"code": null, "tail": "last lines"}
    {"states": {"names": ["proxy-node-a"], "since": 1234.5}}
        -> {"states": [{"code": null, "halts": "process 7 (proxy) was stopped ..."}]}
    {"cpu": {"names": ["proxy-node-a", "proxy-node-b"]}} -> {"seconds": 1.25}
    {"await": {"name": "proxy-node-a", "netns": "node-a", "url": "http://127.0.0.1:10256/healthz", "within": 30}}
        -> {"code": null, "trouble": ""}                      or why it is not ready
    {"stop": {"name": "proxy-node-a", "kill": false}} -> {}
    {"capture": {"namespaces": ["node-a", "pod-1f3e5a7c"]}} -> {"number": 1}
    {"captured": {"number": 1}} -> {"packets": [{"at": 1234.5, "place": 1, ..., "data": "base64"}]}     and ends it

What goes wrong is answered as {"error": "..."}. Bytes that are no UTF-8 travel as lone surrogates.
"""

import asyncio
import json
from pathlib import Path
from typing import Any

from svcproof.lab.network import Network
from svcproof.lab.process.capture import Captures
from svcproof.lab.process.programs import Programs, TooMuchOutputError
from svcproof.lab.process.readiness import await_ready

LONGEST_LINE = 1 << 20


async def serve(path: Path, programs: Programs, network: Network) -> asyncio.Server:
    """Take requests on a unix socket at `path`."""
    captures = Captures(network)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            ((verb, arguments),) = json.loads(await reader.readline()).items()
            result = await handle(programs, network, captures, verb, arguments)
        except (OSError, TooMuchOutputError, LookupError, TypeError, ValueError) as error:
            result = {"error": f"{type(error).__name__}: {error}"}
        writer.write(json.dumps(result).encode() + b"\n")
        writer.close()

    return await asyncio.start_unix_server(answer, path, limit=LONGEST_LINE)


async def handle(
    programs: Programs, network: Network, captures: Captures, verb: str, arguments: dict[str, Any]
) -> dict[str, Any]:
    """Do what one request says and return the answer."""
    match verb:
        case "run":
            result = await programs.run(**arguments)
            return {"code": result.code, "stdout": _text(result.stdout), "stderr": _text(result.stderr)}
        case "start":
            await programs.start(**arguments)
            programs.watch_halts(arguments["name"])
            return {}
        case "inspect":
            code, tail = await programs.inspect(**arguments)
            return {"code": code, "tail": tail}
        case "states":
            return {"states": [{"code": code, "halts": halts} for code, halts in programs.states(**arguments)]}
        case "cpu":
            return {"seconds": programs.cpu_time(**arguments)}
        case "await":
            code, trouble = await await_ready(programs, network, **arguments)
            return {"code": code, "trouble": trouble}
        case "stop":
            await programs.stop(**arguments)
            return {}
        case "capture":
            return {"number": captures.begin(**arguments)}
        case "captured":
            return {"packets": captures.end(**arguments)}
        case _:
            raise ValueError(f"no such request: {verb}")


def _text(data: bytes) -> str:
    return data.decode(errors="surrogateescape")
