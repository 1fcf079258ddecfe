"""HTTP listeners that answer health checks by the state that was last synced."""

import json
import logging
import socket
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer

from svcproof.reference_proxy.health import HealthAnswer, HealthAnswers

log = logging.getLogger(__name__)


class Listener(ThreadingTCPServer):
    """Answers every GET on one port of this node with the same answer, until it changes."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int, answer: HealthAnswer) -> None:
        """Listen; raises OSError where the port is taken."""
        super().__init__(("0.0.0.0", port), _Handler)
        self.answer = answer
        self._closed = False
        threading.Thread(target=self._serve, name=f"health {port}", daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._closed = True
        self.socket.shutdown(socket.SHUT_RDWR)  # ends the accept() that its thread waits in
        self.server_close()

    def _serve(self) -> None:
        """Answer until closed; unlike `serve_forever` it wakes up for connections alone."""
        while not self._closed:
            # A connection that its caller has given up, or the end of them all.
            with suppress(OSError):
                self.process_request(*self.get_request())


class Listeners:
    """The open listeners, by port."""

    def __init__(self) -> None:
        self._open: dict[int, Listener] = {}

    def show(self, answers: HealthAnswers) -> None:
        """Open, change and close listeners so that each port in `answers` gives its answer and no other is open."""
        for port in self._open.keys() - answers.keys():
            self._open.pop(port).close()
        for port, answer in answers.items():
            if port in self._open:
                self._open[port].answer = answer
                continue
            try:
                self._open[port] = Listener(port, answer)
            except OSError as trouble:
                log.error("port %d answers no health checks: %s; trying again with the next change", port, trouble)


class _Handler(BaseHTTPRequestHandler):
    server: Listener

    def do_GET(self) -> None:
        answer = self.server.answer
        body = json.dumps(answer.document).encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Load-Balancing-Endpoint-Weight", str(answer.endpoints))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        log.debug(format, *args)
