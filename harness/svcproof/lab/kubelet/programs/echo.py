"""Web servers that tell of themselves and of the request: `echo.py http-echo|whoami|echoserver [OPTION ...]`."""

import os
import signal
import socket
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORTS = {"http-echo": 5678, "whoami": 80, "echoserver": 8080}


class Handler(BaseHTTPRequestHandler):
    """Answers every request alike; `kind` and `text` are set by `main`."""

    protocol_version = "HTTP/1.1"
    kind = text = ""

    def do_GET(self) -> None:
        """Answer with the text, or with what is seen of the request."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = (f"{self.text}\n" if self.kind == "http-echo" else self.seen()).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

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


def main(kind: str, words: list[str]) -> None:
    """Serve until SIGTERM."""
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    values = options(words)
    Handler.kind, Handler.text = kind, values.get("text") or os.environ.get("ECHO_TEXT", "hello-world")
    port = values.get("port") or values.get("listen", "").rpartition(":")[2] or os.environ.get("WHOAMI_PORT_NUMBER")
    DualStack(("", int(port or PORTS[kind])), Handler).serve_forever()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
