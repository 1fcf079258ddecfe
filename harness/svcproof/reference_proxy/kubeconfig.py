"""The parts of a kubeconfig that a proxy needs: the API server's address, and the credentials for it."""

import base64
import json
import ssl
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Access:
    """An API server, the trust in it (None for plain HTTP) and the token it asks for."""

    host: str
    port: int
    trust: ssl.SSLContext | None
    token: str

    def connect(self, timeout: float) -> HTTPConnection:
        """Prepare a connection; it opens with the first request and gives up after `timeout` idle seconds."""
        if self.trust is None:
            return HTTPConnection(self.host, self.port, timeout=timeout)
        return HTTPSConnection(self.host, self.port, timeout=timeout, context=self.trust)


def access(path: Path) -> Access:
    """Read the current context of a kubeconfig written as JSON.

    Raises OSError, ValueError or LookupError where the file cannot be read or lacks what is needed.
    """
    config = json.loads(path.read_text())
    context = _named(config["contexts"], config["current-context"])["context"]
    cluster = _named(config["clusters"], context["cluster"])["cluster"]
    user = _named(config["users"], context["user"])["user"]
    server = urlsplit(cluster["server"])
    secure = server.scheme == "https"
    return Access(
        host=server.hostname or "",
        port=server.port or (443 if secure else 80),
        trust=_trust(cluster) if secure else None,
        token=user.get("token", ""),
    )


def _named(entries: list[dict[str, Any]], name: str) -> dict[str, Any]:
    for entry in entries:
        if entry["name"] == name:
            return entry
    raise LookupError(f"the kubeconfig has no entry named {name!r}")


def _trust(cluster: dict[str, Any]) -> ssl.SSLContext:
    authority = base64.b64decode(cluster.get("certificate-authority-data", "")).decode()
    trust = ssl.create_default_context(cafile=cluster.get("certificate-authority"), cadata=authority or None)
    if cluster.get("insecure-skip-tls-verify"):
        trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
    return trust
