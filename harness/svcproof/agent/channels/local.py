"""The ways in to an agent that this machine reaches by itself: a unix socket, or TCP."""

import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from svcproof.agent.channels import LONGEST, SECRET
from svcproof.errors import ProbeError


@dataclass(frozen=True, slots=True)
class UnixChannel:
    """Reaches an agent that listens on `unix:<path>`; safe to use from several threads at once."""

    path: Path
    secret: str = field(repr=False)

    def ask(self, path: str, body: bytes, timeout: float) -> bytes:
        """POST `body` and return what is answered with status 200; raises ProbeError."""
        return _ask(_UnixConnection(self.path, timeout), str(self.path), self.secret, path, body)


@dataclass(frozen=True, slots=True)
class TcpChannel:
    """Reaches an agent that listens on `tcp:<port>`; safe to use from several threads at once."""

    host: str
    port: int
    secret: str = field(repr=False)

    def ask(self, path: str, body: bytes, timeout: float) -> bytes:
        """POST `body` and return what is answered with status 200; raises ProbeError."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=timeout)
        return _ask(connection, f"{self.host}:{self.port}", self.secret, path, body)


def _ask(connection: http.client.HTTPConnection, where: str, secret: str, path: str, body: bytes) -> bytes:
    try:
        connection.connect()
        with _ended_in_time(connection):
            connection.request("POST", path, body, {SECRET: secret})
            with connection.getresponse() as response:
                answer = response.read(LONGEST + 1)
    except (OSError, http.client.HTTPException) as why:
        raise ProbeError(
            f"the agent behind {where} did not answer {path} within {connection.timeout or 0:g} s: "
            f"{type(why).__name__}: {why}. Is it still running?"
        ) from why
    finally:
        connection.close()
    if response.status != 200:
        raise ProbeError(f"the agent behind {where} refused {path}: {answer.decode(errors='replace')[:300]}")
    if len(answer) > LONGEST:
        raise ProbeError(f"the agent behind {where} answers {path} with more than {LONGEST} bytes: it is none of ours")
    return answer


@contextmanager
def _ended_in_time(connection: http.client.HTTPConnection) -> Iterator[None]:
    """End the connection when its time is over: its own timeout is for each byte, and there may always be one more."""
    sock: socket.socket = connection.sock
    timer = threading.Timer(connection.timeout or 0, partial(_shut, sock))
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _shut(sock: socket.socket) -> None:
    with suppress(OSError):  # of one that has ended by itself
        sock.shutdown(socket.SHUT_RDWR)


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path, timeout: float) -> None:
        super().__init__("svcproof-agent", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))
