"""Hears what a run asks of an API server: a relay that kubeconfigs can name as their server."""

import contextlib
import re
import select
import socket
import ssl
import threading
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

REQUEST = re.compile(rb"(GET|POST|PUT|PATCH|DELETE) (/\S*) HTTP/1\.1\r\n")
LONGEST = 4096
VERBS = {"POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}
RESOURCE = re.compile(r"/(?:api|apis/(?P<group>[^/]+))/[^/]+/(?:namespaces/(?P<namespace>[^/]+)/)?(?P<rest>[^/].*)")


@contextlib.contextmanager
def overheard(server: str) -> Iterator[tuple[str, set[tuple[str, str]]]]:
    """An address that leads to `server`, and what is asked there: method and path with query."""
    host, port = urlsplit(server).hostname, urlsplit(server).port
    heard: set[tuple[str, str]] = set()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_serve, args=(listener, (host, port), heard), daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", heard


def right(method: str, path: str) -> tuple[str, str, str] | None:
    """The namespace, verb and resource (`services/status`, `daemonsets.apps`) a request needs a right to, if any."""
    parts = urlsplit(path)
    found = RESOURCE.fullmatch(parts.path)
    if found is None:
        return None
    resource, _, rest = found["rest"].partition("/")
    namespace = found["namespace"] or ""
    name, _, sub = rest.partition("/")
    sub = sub.partition("/")[0]
    if resource == "namespaces" and found["namespace"] is None and sub:
        return None
    reads = "get" if name else "watch" if "watch" in parse_qs(parts.query) else "list"
    group = f".{found['group']}" if found["group"] else ""
    return namespace, VERBS.get(method, reads), resource + group + (f"/{sub}" if sub else "")


def _serve(listener: socket.socket, to: tuple[str, int], heard: set[tuple[str, str]]) -> None:
    unchecked = ssl.create_default_context()
    unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        server = unchecked.wrap_socket(socket.create_connection(to))
        threading.Thread(target=_carry, args=(client, server, heard), daemon=True).start()


def _carry(client: socket.socket, server: ssl.SSLSocket, heard: set[tuple[str, str]]) -> None:
    """Carry both ways in one thread: an SSLSocket must not be read and written by two at once."""
    tail = b""
    with client, server, contextlib.suppress(OSError):
        while True:
            ready = [server] if server.pending() else select.select([client, server], [], [])[0]
            if server in ready:
                with contextlib.suppress(ssl.SSLWantReadError):  # It was a message of TLS itself.
                    if not (data := _received(server)):
                        return
                    client.sendall(data)
            if client in ready:
                if not (data := client.recv(65536)):
                    return
                tail += data
                heard.update((method.decode(), path.decode()) for method, path in REQUEST.findall(tail))
                tail = tail[-LONGEST:]
                server.sendall(data)


def _received(server: ssl.SSLSocket) -> bytes:
    server.settimeout(0)
    try:
        return server.recv(65536)
    finally:
        server.settimeout(None)
