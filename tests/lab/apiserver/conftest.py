import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.lab.apiserver.serving import TOKEN, Served, serving

Ask = Callable[..., tuple[int, Any]]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path) as served:
        yield served


@pytest.fixture
def ask(server: Served) -> Ask:
    """Make one request; returns status and body."""

    def send(method: str, path: str, body: Any = None, media: str = "application/json") -> tuple[int, Any]:
        content = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": media}
        try:
            with urlopen(Request(server.url + path, content, headers, method=method), timeout=10) as answer:
                return answer.status, json.loads(answer.read())
        except HTTPError as error:
            with error:
                return error.code, json.loads(error.read())

    return send


@pytest.fixture
def kubeconfig(server: Served, tmp_path: Path) -> Path:
    cluster = {"server": server.https, "certificate-authority": str(tmp_path / "ca.crt")}
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "lab", "cluster": cluster}],
        "users": [{"name": "admin", "user": {"token": TOKEN}}],
        "contexts": [{"name": "lab", "context": {"cluster": "lab", "user": "admin"}}],
        "current-context": "lab",
    }
    file = tmp_path / "kubeconfig"
    file.write_text(json.dumps(content))
    return file
