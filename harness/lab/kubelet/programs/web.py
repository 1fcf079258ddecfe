"""What well-known images of web servers answer: `web.py nginx|httpd|hello-app`."""

import functools
import os
import signal
import socket
import sys
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

NGINX = """\
<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
</head>
<body>
<h1>Welcome to nginx!</h1>
<p>This page is served by a small web server that stands in for nginx in the lab.</p>
</body>
</html>
"""
HTTPD = "<html><body><h1>It works!</h1></body></html>\n"
ROOTS = {"nginx": (Path("/usr/share/nginx/html"), NGINX), "httpd": (Path("/usr/local/apache2/htdocs"), HTTPD)}


class Files(SimpleHTTPRequestHandler):
    """Serves the document root where something is mounted there, and the welcome page otherwise."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments: object, kind: str) -> None:
        root, self.welcome = ROOTS[kind]
        self.server_version = kind
        super().__init__(*arguments, directory=str(root))  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer with a file, or with the welcome page at the root."""
        if self.path.partition("?")[0] in ("/", "/index.html") and not (Path(self.directory) / "index.html").exists():
            answer(self, self.welcome, "text/html")
        else:
            super().do_GET()


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
