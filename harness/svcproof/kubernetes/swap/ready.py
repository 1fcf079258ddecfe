"""Whether the proxy under test is ready on every node."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from svcproof.errors import ProbeError, ProvisionError
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.objects.rollout import LAST_LINES, called, is_ready, log, pods
from svcproof.kubernetes.objects.site import Site
from svcproof.model.proxy_spec import Ready
from svcproof.wait import provisioned

OK = 200
ANSWER_WITHIN = 5.0
LASTING = 5.0


def ready(site: Site, asked: Ready, daemon_set: Object | None) -> None:
    """Wait until the declared URL answers 200 on every node; raises ProvisionError where it does not.

    The nodes are those of the proxy's pods, or all where no DaemonSet is known. Without a way to ask on a node, the
    API server asks the node's pod instead, where that is in the node's network; without such a pod nobody is asked.
    Without a URL it is ready when its pods have been up for some seconds: one that cannot run ends sooner.
    """
    if not asked.http:
        if daemon_set:
            _stays_up(site.kube, daemon_set, asked.within)
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
        raise ProvisionError("\n".join((str(late), *_last_words(site.kube, there)))) from late


def _stays_up(kube: Kube, daemon_set: Object, within: float) -> None:
    before: list[dict[str, str]] = []

    def look() -> dict[str, str]:
        before.append({pod["metadata"]["name"]: _since(pod) for pod in pods(kube, daemon_set)})
        return before[-1]

    def up(seen: dict[str, str]) -> bool:
        """Each pod is up, and has been since the look before."""
        return len(before) > 1 and before[-2] == seen and all(since.startswith("up ") for since in seen.values())

    try:
        provisioned(f"{called(daemon_set)}, to stay up for {LASTING:g} s", look, up, within + LASTING, every=LASTING)
    except ProvisionError as late:
        raise ProvisionError("\n".join((str(late), *_last_words(kube, pods(kube, daemon_set))))) from late


def _since(pod: Object) -> str:
    """Since when a pod's containers run, and how often each was started again."""
    statuses = pod.get("status", {}).get("containerStatuses") or ()
    began = [one.get("state", {}).get("running", {}).get("startedAt", "") for one in statuses]
    restarts = sum(one.get("restartCount", 0) for one in statuses)
    state = f"up since {max(began)}" if is_ready(pod) and all(began) else "not up"
    return f"{state}, restarts: {restarts}"


def _last_words(kube: Kube, there: Sequence[Object]) -> Iterator[str]:
    for pod in there:
        yield f"{pod['metadata']['name']} says last:\n{log(kube, pod, LAST_LINES)}"


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
