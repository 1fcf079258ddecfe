"""The answers of well-known images of web servers: `web.py nginx|httpd|hello-app`.

Others tell of themselves and of the request: `web.py http-echo|whoami|echoserver [OPTION ...]`.
"""

import functools
import os
import signal
import socket
import sys
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

ROOTS = {"nginx": "/usr/share/nginx/html", "httpd": "/usr/local/apache2/htdocs"}
PORTS = {"http-echo": 5678, "whoami": 80, "echoserver": 8080}


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
    """A page with the name of the pod, as hello-app has it."""

    def do_GET(self) -> None:
        """Answer every path alike."""
        version = os.environ.get("VERSION", "1.0.0")
        answer(self, f"Hello, world!\nVersion: {version}\nHostname: {socket.gethostname()}\n")


class Echo(BaseHTTPRequestHandler):
    """Answers every request alike; `kind` and `text` are set by `echo`."""

    protocol_version = "HTTP/1.1"
    kind = text = ""

    def do_GET(self) -> None:
        """Answer with the text, or with what is seen of the request."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        answer(self, f"{self.text}\n" if self.kind == "http-echo" else self.seen())

    do_POST = do_PUT = do_DELETE = do_HEAD = do_GET  # noqa: N815 - the names http.server looks for

    def seen(self) -> str:
        """The request, as whoami or echoserver print it."""
        address = self.client_address[0].removeprefix("::ffff:")
        local = self.connection.getsockname()[0].removeprefix("::ffff:")
        headers = self.headers.items()
        if self.kind == "whoami":
            lines = [f"Hostname: {socket.gethostname()}", "IP: 127.0.0.1", f"IP: {local}"]
            lines += [f"RemoteAddr: {address}:{self.client_address[1]}", f"{self.command} {self.path} HTTP/1.1"]
            return "\n".join([*lines, *(f"{name}: {value}" for name, value in headers), "", ""])
        lines = [f"Hostname: {socket.gethostname()}", "", "Request Information:", f"\tclient_address={address}"]
        lines += [f"\tmethod={self.command}", f"\treal path={self.path}", "", "Request Headers:"]
        return "\n".join([*lines, *(f"\t{name.lower()}={value}" for name, value in headers), "", ""])


def answer(handler: BaseHTTPRequestHandler, text: str) -> None:
    """Send a text with status 200."""
    body = text.encode()
    handler.send_response(200)
    handler.send_header("Content-Type", "text/plain")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    if handler.command != "HEAD":
        handler.wfile.write(body)


class DualStack(ThreadingHTTPServer):
    """Listens on every address of both families where the kernel has both."""

    address_family = socket.AF_INET6 if socket.has_dualstack_ipv6() else socket.AF_INET
    request_queue_size = 128


def options(words: list[str]) -> dict[str, str]:
    """Read `-name=value` and `--name value`."""
    values, rest = dict[str, str](), iter(words)
    for word in rest:
        name, equals, value = word.lstrip("-").partition("=")
        values[name] = value if equals else next(rest, "")
    return values


def echo(kind: str, words: list[str]) -> None:
    """Serve as an image whose arguments are the options of its server."""
    values = options(words)
    Echo.kind, Echo.text = kind, values.get("text") or os.environ.get("ECHO_TEXT", "hello-world")
    port = values.get("port") or values.get("listen", "").rpartition(":")[2] or os.environ.get("WHOAMI_PORT_NUMBER")
    DualStack(("", int(port or PORTS[kind])), Echo).serve_forever()


def main(kind: str, words: list[str]) -> None:
    """Serve until SIGTERM."""
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    if kind in PORTS:
        echo(kind, words)
    signal.signal(signal.SIGQUIT, lambda *_: os._exit(0))
    if kind == "hello-app":
        DualStack(("", int(os.environ.get("PORT", "8080"))), Hello).serve_forever()
    else:
        DualStack(("", 80), functools.partial(Files, kind=kind)).serve_forever()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
