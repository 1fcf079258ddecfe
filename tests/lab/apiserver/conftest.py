import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.apiserver.serving import TOKEN, Served, serving


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path) as served:
        yield served


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
