"""Whether a kind cluster can be made here, and of which images."""

import os
import shutil
import subprocess
from functools import cache

NODE_IMAGES = "reference=*/node:v*"


@cache
def why_not() -> str:
    """Why no kind cluster can be made here; empty where one can."""
    if shutil.which("kind") is None:
        return "kind is not on PATH"
    if shutil.which("docker") is None:
        return "docker is not on PATH"
    if _docker("version").returncode:
        return "the Docker daemon does not answer"
    if not node_image():
        return "there is no node image: set SVCPROOF_NODE_IMAGE, or pull kindest/node"
    return ""


@cache
def node_image() -> str:
    """The node image to use: SVCPROOF_NODE_IMAGE, or the newest that Docker has."""
    form = ("--format", "{{.Repository}}:{{.Tag}}")
    found = _docker("images", *form, "--filter", NODE_IMAGES).stdout.split()
    return os.environ.get("SVCPROOF_NODE_IMAGE") or next(iter(found), "")


def _docker(*argv: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(("docker", *argv), capture_output=True, text=True, check=False, timeout=30)
