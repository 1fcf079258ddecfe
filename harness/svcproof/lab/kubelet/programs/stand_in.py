"""A server for an image that the lab has nothing for: `stand_in.py 6379/TCP 53/UDP ...`.

It answers HTTP with the host's name, and everything else with what it was sent.
"""

import asyncio
import os
import signal
import socket
import sys

HTTP = b" HTTP/1."


class Datagrams(asyncio.DatagramProtocol):
    """Sends datagrams back."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where answers go out."""
        self.transport = transport

    def datagram_received(self, data: bytes, addr: object) -> None:
        """Answer."""
        self.transport.sendto(data, addr)  # type: ignore[attr-defined]


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer one connection until its client has nothing more to say."""
    try:
        while data := await reader.read(65536):
            if HTTP in data.partition(b"\r\n")[0]:
                body = f"{socket.gethostname()}\n".encode()
                head = (
                    f"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\nConnection: close"
                )
                writer.write(f"{head}\r\n\r\n".encode() + (b"" if data.startswith(b"HEAD ") else body))
                break
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


async def main(ports: list[str]) -> None:
    """Listen on all ports until SIGTERM."""
    host = "::" if socket.has_dualstack_ipv6() else "0.0.0.0"
    loop = asyncio.get_running_loop()
    for port in ports:
        number, _, protocol = port.partition("/")
        if protocol == "UDP":
            channel = socket.socket(socket.AF_INET6 if host == "::" else socket.AF_INET, socket.SOCK_DGRAM)
            channel.bind((host, int(number)))
            await loop.create_datagram_endpoint(Datagrams, sock=channel)
        elif protocol == "TCP":
            family = socket.AF_INET6 if host == "::" else socket.AF_INET
            listener = socket.create_server(
                (host, int(number)), family=family, dualstack_ipv6=host == "::", backlog=128
            )
            await asyncio.start_server(answer, sock=listener)
        else:
            sys.stderr.write(f"nothing listens on {port}: the stand-in speaks TCP and UDP\n")
    await asyncio.Event().wait()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    asyncio.run(main(sys.argv[1:]))
