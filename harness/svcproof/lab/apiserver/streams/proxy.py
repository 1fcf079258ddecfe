"""The connection to a kubelet: a download, or a websocket in both directions."""

import asyncio
from contextlib import suppress

import aiohttp
from aiohttp import WSMsgType, web
from yarl import URL

from svcproof.lab.apiserver.errors import ApiError, bad_request

CONNECT_SECONDS = 10.0
FOR_EVER = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS)
REASONS = {400: "BadRequest", 404: "NotFound", 501: "NotImplemented"}
Socket = web.WebSocketResponse | aiohttp.ClientWebSocketResponse


def _session() -> aiohttp.ClientSession:
    """A client of kubelets that does not verify their certificates, as a real API server by default."""
    return aiohttp.ClientSession(timeout=FOR_EVER, connector=aiohttp.TCPConnector(ssl=False))


async def get(request: web.Request, url: URL) -> web.StreamResponse:
    """Pass on the kubelet's answer at `url` as it arrives; raises ApiError if the kubelet refuses."""
    try:
        async with _session() as session, session.get(url) as answer:
            if answer.status >= 400:
                raise _refusal(answer.status, await answer.text())
            response = web.StreamResponse(headers={"Content-Type": answer.headers["Content-Type"]})
            await response.prepare(request)
            with suppress(ConnectionResetError):  # The client has seen enough.
                async for data in answer.content.iter_any():
                    await response.write(data)
            return response
    except aiohttp.ClientConnectorError as error:
        raise _unreachable(url, error) from error


async def tunnel(request: web.Request, url: URL) -> web.StreamResponse:
    """Join the client's websocket with one to the kubelet, of the same subprotocol; raises ApiError if that fails."""
    if request.headers.get("Upgrade", "").lower() != "websocket":
        raise await _spdy_refusal(url)
    protocols = [word.strip() for word in request.headers.get("Sec-WebSocket-Protocol", "").split(",") if word.strip()]
    async with _session() as session:
        try:
            kubelet_socket = await session.ws_connect(url, protocols=protocols, max_msg_size=0)
        except aiohttp.WSServerHandshakeError:
            # The reason is in the body, which only a plain request shows.
            async with session.get(url) as answer:
                raise _refusal(answer.status, await answer.text()) from None
        except aiohttp.ClientConnectorError as error:
            raise _unreachable(url, error) from error
        subprotocols = [kubelet_socket.protocol] if kubelet_socket.protocol else []
        client_socket = web.WebSocketResponse(protocols=subprotocols, max_msg_size=0)
        await client_socket.prepare(request)
        directions = ((client_socket, kubelet_socket), (kubelet_socket, client_socket))
        pumps = [asyncio.create_task(_pump(source, sink)) for source, sink in directions]
        await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.gather(client_socket.close(), kubelet_socket.close())
        await asyncio.wait(pumps)
        return client_socket


async def _spdy_refusal(url: URL) -> ApiError:
    """The refusal of a client that asks for SPDY, as newer ones do after a websocket was refused.

    The kubelet looks at the container first, so that a plain request shows what is wrong with it.
    """
    async with _session() as session, session.get(url) as answer:
        if answer.status == 404:
            return _refusal(answer.status, await answer.text())
    return bad_request("unable to upgrade: this API server streams over websockets only, as kubectl 1.31 and newer do")


async def _pump(source: Socket, sink: Socket) -> None:
    async for message in source:
        if sink.closed:
            return
        if message.type is WSMsgType.BINARY:
            await sink.send_bytes(message.data)
        elif message.type is WSMsgType.TEXT:
            await sink.send_str(message.data)


def _refusal(status: int, text: str) -> ApiError:
    return ApiError(status, REASONS.get(status, "InternalError"), text.strip())


def _unreachable(url: URL, error: Exception) -> ApiError:
    return ApiError(500, "InternalError", f"the kubelet at {url.host}:{url.port} cannot be reached: {error}")
