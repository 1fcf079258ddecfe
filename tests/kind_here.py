"""Whether a kind cluster can be made here, and of which images."""

import os
from functools import cache

from harness.errors import ProvisionError
from harness.kind import engine, tool


@cache
def why_not() -> str:
    """Why no kind cluster can be made here; empty where one can."""
    try:
        engine.find()
        tool.find()
    except ProvisionError as error:
        return str(error).splitlines()[0]
    return "" if node_image() else "there is no node image: set SVCPROOF_NODE_IMAGE, or pull kindest/node"


@cache
def node_image() -> str:
    """The node image to use: SVCPROOF_NODE_IMAGE, or the newest that the engine has."""
    form = ("--format", "{{.Repository}}:{{.Tag}}", "--filter", "reference=*/node:v*")
    return os.environ.get("SVCPROOF_NODE_IMAGE") or next(iter(engine.find().run("images", *form).split()), "")
