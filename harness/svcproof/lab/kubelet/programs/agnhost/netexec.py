"""agnhost netexec: a server that says who and where it is, and makes requests of its own when asked to."""

import argparse
import functools
import json
import os
import socket
import subprocess
import threading
from typing import Any
from urllib.error import URLError
from urllib.parse import parse_qs, quote, urlsplit
from urllib.request import ProxyHandler, build_opener

from . import servers
from .connect import exchange, seconds

DIAL_SECONDS = 5.0
SHELL_SECONDS = 60.0


class NetExec(servers.Handler):
    """The paths of netexec; `ending` is set once the server has been told to end."""

    def __init__(self, *arguments: Any, ending: threading.Event) -> None:
        self._ending = ending
        super().__init__(*arguments)

    def do_GET(self) -> None:  # noqa: N802 - the name http.server looks for
        """Answer."""
        split = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(split.query, keep_blank_values=True).items()}
        match split.path.lower():
            case "/" | "/hostname":
                self.say(socket.gethostname())
            case "/clientip":
                self.say(servers.shown(self.client_address[:2]))
            case "/echo":
                self.say(query.get("msg", ""), int(query.get("code", "200")))
            case "/header":
                self.say(self.headers.get(query.get("key", ""), ""))
            case "/healthz":
                self.say("")
            case "/readyz":
                self.say("", 503 if self._ending.is_set() else 200)
            case "/redirect":
                self.say("", int(query.get("code", "302")), Location=query.get("location", "/"))
            case "/shell":
                self.say(_shell(query.get("cmd") or query.get("shellCommand", "")))
            case "/dial":
                self.say(_dial(query))
            case "/exit" | "/shutdown":
                self.say("")
                threading.Timer(seconds(query.get("timeout", "0s")), os._exit, (int(query.get("code", "0")),)).start()
            case _:
                self.say("404 page not found\n", 404)

    do_POST = do_GET  # noqa: N815 - the name http.server looks for


def main(arguments: list[str]) -> int:
    """Serve HTTP, and UDP unless its port is -1."""
    parser = argparse.ArgumentParser(prog="agnhost netexec")
    parser.add_argument("--http-port", type=int, default=8080)
    parser.add_argument("--udp-port", type=int, default=8081)
    parser.add_argument("--delay-shutdown", type=float, default=0)
    asked, _ = parser.parse_known_args(arguments)
    handler = functools.partial(NetExec, ending=servers.end_on_sigterm(asked.delay_shutdown))
    if asked.udp_port != -1:
        servers.in_background(lambda: servers.udp(asked.udp_port, functools.partial(_answer, asked.udp_port)))
    servers.DualStack(("", asked.http_port), handler).serve_forever()
    return 0


def _answer(port: int, text: str, peer: servers.Address) -> str:
    word, _, rest = text.partition(" ")
    match word.lower():
        case "echo":
            return rest
        case "clientip":
            return servers.shown(peer)
        case "serverport":
            return str(port)
        case _:
            return socket.gethostname()


def _shell(command: str) -> str:
    ran = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, timeout=SHELL_SECONDS, check=False)
    output = {"output": ran.stdout + ran.stderr} if ran.stdout or ran.stderr else {}
    return json.dumps(output | ({"error": f"exit status {ran.returncode}"} if ran.returncode else {}))


def _dial(query: dict[str, str]) -> str:
    """Make `tries` requests and tell the answers and the errors."""
    answers, errors = [], []
    for _ in range(int(query.get("tries", "1"))):
        try:
            answers.append(_ask(query["protocol"], query["host"], int(query["port"]), query["request"]))
        except (OSError, URLError) as error:
            errors.append(str(error))
    return json.dumps(({"responses": answers} if answers else {}) | ({"errors": errors} if errors else {}))


def _ask(protocol: str, host: str, port: int, request: str) -> str:
    if protocol == "udp":
        return exchange(host, port, protocol, DIAL_SECONDS, request.encode()).decode()
    name = f"[{host}]" if ":" in host else host
    url = f"http://{name}:{port}/{quote(request, safe='/?=&')}"
    with build_opener(ProxyHandler({})).open(url, timeout=DIAL_SECONDS) as answer:
        return str(answer.read().decode())
