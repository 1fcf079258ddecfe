"""Whether a kind cluster can be made here, of which images, and a plain one for tests that put things into it."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import yaml

from svcproof.declare.manifests import images as images_in
from svcproof.errors import ProvisionError
from svcproof.kubernetes.kind import engine, images, tools

TWO_NODES = {
    "kind": "Cluster",
    "apiVersion": "kind.x-k8s.io/v1alpha4",
    "networking": {"kubeProxyMode": "iptables"},
    "nodes": [{"role": "control-plane"}, {"role": "worker"}],
}


@cache
def why_not() -> str:
    """Why no kind cluster can be made here; empty where one can."""
    try:
        tools.find()
    except ProvisionError as error:
        return str(error).splitlines()[0]
    return "" if node_image() else "there is no node image: set SVCPROOF_NODE_IMAGE, or pull kindest/node"


@cache
def node_image() -> str:
    """The node image to use: SVCPROOF_NODE_IMAGE, or the newest that the engine has."""
    form = ("--format", "{{.Repository}}:{{.Tag}}", "--filter", "reference=*/node:v*")
    return os.environ.get("SVCPROOF_NODE_IMAGE") or next(iter(engine.find().run("images", *form).split()), "")


def exists(cluster: str) -> bool:
    """Whether there is a cluster of this name."""
    return cluster in tools.find().kind.clusters()


def remove(cluster: str, directory: Path) -> None:
    """Remove a cluster, if it is there."""
    tools.find().delete(cluster, directory)


@contextmanager
def plain(directory: Path) -> Iterator[Path]:
    """A cluster as somebody else would make it, of two nodes, with the images of this machine; its kubeconfig."""
    found, name = tools.find(), f"plain-{secrets.token_hex(3)}"
    try:
        kubeconfig = found.kind.create(name, directory, yaml.safe_dump(TWO_NODES), node_image(), print)
        images.load(found, name, found.nodes(name), tuple(wanted()), directory, print)
        yield kubeconfig
    finally:
        found.delete(name, directory)


def wanted() -> Iterator[str]:
    """The images that the environment names."""
    if image := os.environ.get("SVCPROOF_IMAGE"):
        yield image
    if manifest := os.environ.get("SVCPROOF_METALLB_MANIFEST"):
        yield from images_in(yaml.safe_load_all(Path(manifest).read_text()))
