"""Serving with a lab's certificates."""

import ssl
from pathlib import Path


def server_context(certificates: Path) -> ssl.SSLContext:
    """What a server in the lab needs to serve HTTPS, from the directory of the lab's certificates."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificates / "tls.crt", certificates / "tls.key")
    return context
