"""The answers of well-known images of web servers: `web.py nginx|httpd|hello-app`."""

import functools
import os
import signal
import socket
import sys
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

ROOTS = {"nginx": "/usr/share/nginx/html", "httpd": "/usr/local/apache2/htdocs"}


class Files(SimpleHTTPRequestHandler):
    """Serves the document root."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments: object, kind: str) -> None:
        self.server_version = kind
        super().__init__(*arguments, directory=ROOTS[kind])  # type: ignore[arg-type]

    def list_directory(self, path: str | os.PathLike[str]) -> BytesIO | None:
        """List a directory without index.html, as httpd does and nginx does not."""
        if self.server_version == "httpd":
            return super().list_directory(path)
        self.send_error(403)
        return None


class Hello(SimpleHTTPRequestHandler):
    """Says which pod it is, as hello-app does."""

    def do_GET(self) -> None:
        """Answer every path alike."""
        version = os.environ.get("VERSION", "1.0.0")
        answer(self, f"Hello, world!\nVersion: {version}\nHostname: {socket.gethostname()}\n", "text/plain")


def answer(handler: SimpleHTTPRequestHandler, text: str, kind: str) -> None:
    """Send a text with status 200."""
    body = text.encode()
    handler.send_response(200)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


class DualStack(ThreadingHTTPServer):
    """Listens on every address of both families where the kernel has both."""

    address_family = socket.AF_INET6 if socket.has_dualstack_ipv6() else socket.AF_INET
    request_queue_size = 128


def main(kind: str) -> None:
    """Serve until SIGTERM."""
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    signal.signal(signal.SIGQUIT, lambda *_: os._exit(0))
    if kind == "hello-app":
        DualStack(("", int(os.environ.get("PORT", "8080"))), Hello).serve_forever()
    else:
        DualStack(("", 80), functools.partial(Files, kind=kind)).serve_forever()


if __name__ == "__main__":
    main(sys.argv[1])
