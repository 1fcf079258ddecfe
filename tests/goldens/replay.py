"""Ask a server everything that a scenario asks."""

import http.client
import json
import re
import ssl
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import yaml

from tests.goldens.step import Step

TIMEOUT = 20
Recorded = dict[str, Any]


class Replay:
    """One scenario against one server: remembers what steps took from their answers."""

    def __init__(self, url: str, token: str, namespace: str) -> None:
        self._address = urlsplit(url)
        self._token = token
        self._taken = {"NS": namespace}

    def all(self, steps: Sequence[Step]) -> Recorded:
        """Return step name to answer."""
        answers: Recorded = {}
        for step in steps:
            if step.lines:
                answers |= self._watch(step)
            else:
                answers[step.name] = self._one(step)
        return answers

    def _one(self, step: Step) -> Recorded:
        connection = self._send(step)
        response = connection.getresponse()
        content = response.read()
        connection.close()
        media = (response.headers.get("Content-Type") or "").partition(";")[0]
        # Everything stays a string, so that timestamps are the same as in JSON.
        body = yaml.load(content, yaml.BaseLoader) if media == "application/yaml" else _parsed(content)
        for name, path in step.take.items():
            self._taken[name] = str(_find(body, path))
        return {
            "status": response.status,
            "type": (response.headers.get("Content-Type") or "").replace("; charset=utf-8", ""),
            "warnings": sorted(response.headers.get_all("Warning") or []),
            "body": body,
        }

    def _watch(self, step: Step) -> Recorded:
        connection = self._send(step)
        response = connection.getresponse()
        lines = [_parsed(response.readline()) for _ in range(step.before)]
        answers = self.all(step.during)
        lines += [_parsed(response.readline()) for _ in range(step.lines - step.before)]
        connection.close()
        return {**answers, step.name: {"status": response.status, "body": lines}}

    def _send(self, step: Step) -> http.client.HTTPConnection:
        host, port = self._address.hostname or "", self._address.port
        connection: http.client.HTTPConnection
        if self._address.scheme == "https":
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            connection = http.client.HTTPSConnection(host, port, timeout=TIMEOUT, context=context)
        else:
            connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT)
        body: Any = step.body
        if body is not None and not isinstance(body, bytes):
            body = self._filled(body if isinstance(body, str) else json.dumps(body)).encode()
        headers = {"Authorization": f"Bearer {self._token}", **step.headers}
        if body is not None:
            headers = {"Content-Type": "application/json", **headers}
        connection.request(step.method, self._filled(step.path), body, headers)
        return connection

    def _filled(self, text: str) -> str:
        text = re.sub(r"\bNS\b", self._taken["NS"], text)
        return re.sub(r"\{\{(\w+)\}\}", lambda match: self._taken[match[1]], text)


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return content.decode()


def _find(body: Any, path: str) -> Any:
    for key in path.split("."):
        body = body[int(key)] if isinstance(body, list) else body[key]
    return body
