"""What is in the nodes of a cluster of kind."""

from collections.abc import Mapping

from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.kind import node_image
from svcproof.kubernetes.kind.engine import Engine
from svcproof.kubernetes.kind.tools import Tools
from svcproof.limits import Request


def versions(tools: Tools, kube: Kube, node: str) -> Mapping[str, str]:
    """Component to version: of what the data path is made of, and of what made it."""
    info = kube.get("Node", node)["status"]["nodeInfo"]
    nft = tools.engine.attempt("exec", node, "nft", "--version").stdout_text.split()
    return {
        "kubernetes": kube.version(),
        "kind": node_image.dotted(tools.kind.version).removeprefix("v"),
        tools.engine.name: tools.engine.version,
        "node image": tools.engine.run("inspect", "--format", "{{.Config.Image}}", node).strip(),
        "kernel": info["kernelVersion"],
        "containerd": info["containerRuntimeVersion"].removeprefix("containerd://"),
        **({"nft": nft[1].lstrip("v")} if len(nft) > 1 else {}),
    }


def image_of(engine: Engine, node: str) -> str:
    """The identifier of the image that a node runs."""
    return engine.run("inspect", "--format", "{{.Image}}", node).strip()


def status(engine: Engine, node: str, url: str) -> int:
    """Ask a URL on a node, and return the status; 0 where nothing answers."""
    words = ("curl", "--silent", "--output", "/dev/null", "--max-time", f"{Request.NODE_HEALTH.seconds:g}")
    answer = engine.attempt("exec", node, *words, "--write-out", "%{http_code}", url)
    return int(answer.stdout) if answer.stdout.strip().isdigit() else 0
