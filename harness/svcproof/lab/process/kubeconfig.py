"""A kubeconfig for a lab's API server."""

import json
from base64 import b64encode
from pathlib import Path

from svcproof.disk import write_private


def write(path: Path, *, server: str, authority: Path, token: str) -> None:
    """Write a kubeconfig of one cluster, one user and one context, all named svcproof-lab.

    It is JSON, which is YAML too, so that a proxy that has only a standard library can read it.
    """
    name = "svcproof-lab"
    cluster = {"server": server, "certificate-authority-data": b64encode(authority.read_bytes()).decode()}
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": name,
        "clusters": [{"name": name, "cluster": cluster}],
        "users": [{"name": name, "user": {"token": token}}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
    }
    write_private(path, json.dumps(document, indent=2))
