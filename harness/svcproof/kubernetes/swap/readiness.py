"""The wait until the proxy under test is ready on every node."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from svcproof.errors import ProbeError, ProvisionError
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.objects.cluster_access import ClusterAccess
from svcproof.kubernetes.objects.rollout import LAST_LINES, pod_log, pods_of, title_of
from svcproof.kubernetes.objects.status import is_ready
from svcproof.limits import Provision, Request
from svcproof.model.cluster import Progress
from svcproof.model.proxy_spec import ProxySpec
from svcproof.wait import provisioned

OK = 200
LASTING = 5.0


def await_ready(access: ClusterAccess, proxy: ProxySpec, daemon_set: Object | None, progress: Progress) -> None:
    """Wait until the declared URL answers 200 on every node; raises ProvisionError if it does not in time.

    The nodes are those of the proxy's pods, or all if no DaemonSet is known. Without a way to ask on a node, the
    API server asks the node's pod instead, if that is in the node's network; without such a pod nobody is asked.
    Without a URL it is ready when its pods have been up for some seconds: one that cannot run ends sooner.
    """
    if proxy.ready.http:
        progress(f"waiting until {proxy.name} is ready on every node")
        _await_answers(access, proxy.ready.http, daemon_set, Provision.PROXY_READY.of(proxy.ready.within))
    elif daemon_set:
        progress(f"waiting until {proxy.name} is ready on every node")
        _await_staying_up(access.kube, daemon_set, Provision.PROXY_READY.of(proxy.ready.within))


def _await_answers(access: ClusterAccess, url: str, daemon_set: Object | None, within: float) -> None:
    proxy_pods = pods_of(access.kube, daemon_set) if daemon_set else []
    nodes = [pod["spec"]["nodeName"] for pod in proxy_pods]
    nodes = nodes or [node["metadata"]["name"] for node in access.kube.list("Node")]
    by_node = {pod["spec"]["nodeName"]: pod for pod in proxy_pods if pod["spec"].get("hostNetwork")}

    def answers() -> dict[str, str]:
        statuses = {node: _status(access, node, url, by_node.get(node)) for node in nodes}
        return {node: f"status {status}" if status else "no answer" for node, status in statuses.items()}

    def every(answers: dict[str, str]) -> bool:
        """Each node answers 200."""
        return all(answer == f"status {OK}" for answer in answers.values())

    try:
        provisioned(f"{url} on {_listed(nodes)}", answers, every, within, every=0.3)
    except ProvisionError as late:
        raise ProvisionError("\n".join((str(late), *_last_words(access.kube, proxy_pods)))) from late


def _await_staying_up(kube: Kube, daemon_set: Object, within: float) -> None:
    history: list[dict[str, str]] = []

    def states() -> dict[str, str]:
        history.append({pod["metadata"]["name"]: _state(pod) for pod in pods_of(kube, daemon_set)})
        return history[-1]

    def up(states: dict[str, str]) -> bool:
        """Each pod is up, and has been since the look before."""
        return len(history) > 1 and history[-2] == states and all(state.startswith("up ") for state in states.values())

    try:
        provisioned(
            f"{title_of(daemon_set)}, to stay up for {LASTING:g} s", states, up, within + LASTING, every=LASTING
        )
    except ProvisionError as late:
        raise ProvisionError("\n".join((str(late), *_last_words(kube, pods_of(kube, daemon_set))))) from late


def _state(pod: Object) -> str:
    """The time since which a pod's containers run, and how often they were started again."""
    statuses = pod.get("status", {}).get("containerStatuses") or ()
    began = [status.get("state", {}).get("running", {}).get("startedAt", "") for status in statuses]
    restarts = sum(status.get("restartCount", 0) for status in statuses)
    state = f"up since {max(began)}" if is_ready(pod) and all(began) else "not up"
    return f"{state}, restarts: {restarts}"


def _last_words(kube: Kube, proxy_pods: Sequence[Object]) -> Iterator[str]:
    for pod in proxy_pods:
        yield f"the last lines of {pod['metadata']['name']}:\n{pod_log(kube, pod, LAST_LINES)}"


def _status(access: ClusterAccess, node: str, url: str, pod: Object | None) -> int:
    """The status that the URL answers on a node, 0 if nothing does; 200 if there is no way to ask there."""
    if access.status_on_node:
        return access.status_on_node(node, url)
    if pod is None:
        return OK
    parts = urlsplit(url)
    name = f"http:{pod['metadata']['name']}:{parts.port or 80}"
    path = f"/api/v1/namespaces/{pod['metadata']['namespace']}/pods/{name}/proxy{parts.path or '/'}"
    try:
        return access.kube.fetch(f"{path}?{parts.query}" if parts.query else path, Request.PROXY_HEALTH.seconds)[0]
    except ProbeError:
        return 0


def _listed(nodes: Sequence[str]) -> str:
    return ", ".join(nodes) if len(nodes) < 6 else f"{len(nodes)} nodes"
