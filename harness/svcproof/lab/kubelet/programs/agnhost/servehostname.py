"""agnhost serve-hostname and test-webserver."""

import argparse
import functools
import signal
import socket
from http.server import SimpleHTTPRequestHandler

from . import servers


class Hostname(servers.Handler):
    """Answers every request with the host's name."""

    def do_GET(self) -> None:  # noqa: N802 - the name http.server looks for
        """Answer."""
        self.say(socket.gethostname())


def main(arguments: list[str]) -> int:
    """Serve the host's name over HTTP, TCP or UDP."""
    parser = argparse.ArgumentParser(prog="agnhost serve-hostname", argument_default=False)
    for option in ("--http", "--tcp", "--udp", "--close"):
        parser.add_argument(option, nargs="?", const=True, default=False)
    parser.add_argument("--port", type=int, default=9376)
    asked = parser.parse_args(arguments)
    servers.end_on_sigterm(0)
    name = socket.gethostname()
    if asked.udp:
        servers.in_background(lambda: servers.udp(asked.port, lambda *_: name))
    if asked.tcp:
        _tcp(asked.port, name)
    elif asked.udp:
        signal.pause()
    else:
        servers.DualStack(("", asked.port), Hostname).serve_forever()
    return 0


def webserver(arguments: list[str]) -> int:
    """Serve the files of the root directory on port 80."""
    servers.end_on_sigterm(0)
    servers.DualStack(("", 80), functools.partial(SimpleHTTPRequestHandler, directory="/")).serve_forever()
    return 0


def _tcp(port: int, name: str) -> None:
    family, both = servers.DualStack.address_family, socket.has_dualstack_ipv6()
    with socket.create_server(("", port), family=family, backlog=1024, dualstack_ipv6=both) as listener:
        while True:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(name.encode())
