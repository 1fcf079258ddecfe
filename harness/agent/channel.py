"""The way in to an agent through a unix socket."""

import http.client
import socket
from dataclasses import dataclass, field
from pathlib import Path

from harness.errors import ProbeError


@dataclass(frozen=True, slots=True)
class UnixChannel:
    """Reaches an agent that listens on `unix:<path>`; safe to use from several threads at once."""

    path: Path
    secret: str = field(repr=False)

    def ask(self, path: str, body: bytes, timeout: float) -> bytes:
        """POST `body` and return what is answered with status 200; raises ProbeError."""
        connection = _UnixConnection(self.path, timeout)
        try:
            connection.request("POST", path, body, {"X-Svcproof-Secret": self.secret})
            response = connection.getresponse()
            answer = response.read()
        except (OSError, http.client.HTTPException) as why:
            raise ProbeError(
                f"the agent behind {self.path} did not answer {path} within {timeout:g} s: "
                f"{type(why).__name__}: {why}. Is its pod still running?"
            ) from why
        finally:
            connection.close()
        if response.status != 200:
            raise ProbeError(f"the agent behind {self.path} refused {path}: {answer.decode(errors='replace')}")
        return answer


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path, timeout: float) -> None:
        super().__init__("svcproof-agent", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))
