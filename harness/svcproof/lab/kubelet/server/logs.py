"""GET /containerLogs: the log of a container's present or previous start."""

from contextlib import aclosing, suppress
from datetime import datetime, timedelta

from aiohttp import web

from svcproof.lab.kubelet.log import Log, Query
from svcproof.lab.kubelet.server.find import Meant


async def logs(meant: Meant) -> web.StreamResponse:
    """Answer with the log as plain text, line by line while it grows where `follow` is asked for."""
    log = _log(meant)
    response = web.StreamResponse(headers={"Content-Type": "text/plain; charset=utf-8"})
    await response.prepare(meant.request)
    async with aclosing(log.read(_query(meant))) as lines:
        with suppress(ConnectionResetError):  # The client has seen enough.
            async for line in lines:
                await response.write(line)
    return response


def _log(meant: Meant) -> Log:
    container, pod = meant.container, meant.pod.object["metadata"]["name"]
    index = -2 if meant.flag("previous") else -1
    if len(container.logs) < -index:
        name = container.state.name
        if index == -2:
            raise web.HTTPBadRequest(text=f'previous terminated container "{name}" in pod "{pod}" not found')
        reason = container.state.now.shown().get("waiting", {}).get("reason", "ContainerCreating")
        text = f'container "{name}" in pod "{pod}" is waiting to start: {reason}'
        raise web.HTTPBadRequest(text=text)
    return container.logs[index]


def _query(meant: Meant) -> Query:
    query = meant.request.query
    since: timedelta | datetime | None = None
    if "sinceSeconds" in query:
        since = timedelta(seconds=int(query["sinceSeconds"]))
    elif "sinceTime" in query:
        since = datetime.fromisoformat(query["sinceTime"].replace("Z", "+00:00"))
    return Query(
        follow=meant.flag("follow"),
        timestamps=meant.flag("timestamps"),
        tail=int(query["tailLines"]) if "tailLines" in query else None,
        since=since,
        limit=int(query["limitBytes"]) if "limitBytes" in query else None,
    )
