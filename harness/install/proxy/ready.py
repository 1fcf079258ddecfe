"""Whether the proxy under test is ready on every node."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from harness.errors import ProbeError, ProvisionError
from harness.install.rollout import LAST_LINES, log, pods
from harness.install.site import Site
from harness.model.cluster import Object
from harness.model.proxy_spec import Ready
from harness.wait import provisioned

OK = 200
ANSWER_WITHIN = 5.0


def ready(site: Site, asked: Ready, daemon_set: Object | None) -> None:
    """Wait until the declared URL answers 200 on every node; raises ProvisionError where it does not.

    The nodes are those of the proxy's pods, or all where no DaemonSet is known. Without a way to ask on a node, the
    API server asks the node's pod instead, where that is in the node's network; without such a pod nobody is asked.
    """
    if not asked.http:
        return
    there = pods(site.kube, daemon_set) if daemon_set else []
    nodes = [pod["spec"]["nodeName"] for pod in there] or [one["metadata"]["name"] for one in site.kube.list("Node")]
    by_node = {pod["spec"]["nodeName"]: pod for pod in there if pod["spec"].get("hostNetwork")}

    def look() -> dict[str, str]:
        statuses = {node: _status(site, node, asked.http, by_node.get(node)) for node in nodes}
        return {node: f"status {status}" if status else "no answer" for node, status in statuses.items()}

    def every(seen: dict[str, str]) -> bool:
        """Each node answers 200."""
        return all(answer == f"status {OK}" for answer in seen.values())

    try:
        provisioned(f"{asked.http} on {_listed(nodes)}", look, every, asked.within, every=0.3)
    except ProvisionError as late:
        said = (f"{pod['metadata']['name']} says last:\n{log(site.kube, pod, LAST_LINES)}" for pod in there)
        raise ProvisionError("\n".join((str(late), *said))) from late


def _status(site: Site, node: str, url: str, pod: Object | None) -> int:
    if site.ask:
        return site.ask(node, url)
    if pod is None:
        return OK
    parts = urlsplit(url)
    named = f"http:{pod['metadata']['name']}:{parts.port or 80}"
    path = f"/api/v1/namespaces/{pod['metadata']['namespace']}/pods/{named}/proxy{parts.path or '/'}"
    try:
        return site.kube.fetch(f"{path}?{parts.query}" if parts.query else path, ANSWER_WITHIN)[0]
    except ProbeError:
        return 0


def _listed(nodes: Sequence[str]) -> str:
    return ", ".join(nodes) if len(nodes) < 6 else f"{len(nodes)} nodes"
