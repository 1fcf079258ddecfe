"""The TLS of the lab's servers."""

import ssl
from pathlib import Path


def server_context(certificates: Path) -> ssl.SSLContext:
    """Return the TLS context of a server in the lab, from the directory of the lab's certificates."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificates / "tls.crt", certificates / "tls.key")
    return context
