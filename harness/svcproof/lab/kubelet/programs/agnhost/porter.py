"""agnhost porter: a server on each port that the environment names, of what it says there."""

import argparse
import functools
import json
import os
import re
import signal
from typing import Any

from . import servers

PORT = re.compile(r"SERVE_(?:TCP_|(UDP)_)?PORT_(\d+)")


class Porter(servers.Handler):
    """Answers with the text, or with that and the method as JSON."""

    def __init__(self, *arguments: Any, text: str, as_json: bool) -> None:
        self._text, self._as_json = text, as_json
        super().__init__(*arguments)

    def answer(self) -> None:
        """Answer, whatever was asked for."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        request = {"Method": self.command, "Body": self._text}
        self.say(json.dumps(request) if self._as_json else self._text)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer  # noqa: N815 - http.server's


def main(arguments: list[str]) -> int:
    """Serve HTTP on SERVE_PORT_N and SERVE_TCP_PORT_N, datagrams on SERVE_UDP_PORT_N."""
    parser = argparse.ArgumentParser(prog="agnhost porter")
    parser.add_argument("--json-response", action="store_true")
    asked = parser.parse_args(arguments)
    servers.end_on_sigterm(0)
    for name, text in os.environ.items():
        if matched := PORT.fullmatch(name):
            _serve(int(matched[2]), text, datagrams=bool(matched[1]), as_json=asked.json_response)
    while True:
        signal.pause()


def _serve(port: int, text: str, *, datagrams: bool, as_json: bool) -> None:
    if datagrams:
        servers.in_background(lambda: servers.udp(port, lambda *_: text))
    else:
        handler = functools.partial(Porter, text=text, as_json=as_json)
        servers.in_background(servers.DualStack(("", port), handler).serve_forever)
