"""Evidence for a check that failed: the proxy's logs, and what the kernel of each node does with packets."""

from collections.abc import Callable, Iterator, Sequence

from svcproof.errors import ProbeError
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.cluster.health import LAST_LINES, proxy_pods
from svcproof.kubernetes.cluster.reach import ProxyPods
from svcproof.kubernetes.objects.rollout import pod_log
from svcproof.limits import Request
from svcproof.model.cluster import Node, Shell

COMMANDS = {
    "nft list ruleset": ("nft", "list", "ruleset"),
    "iptables-save": ("iptables-save",),
    "ip6tables-save": ("ip6tables-save",),
    "conntrack -L": ("conntrack", "-L"),
}
KEPT = 1 << 16
"""Characters of either end of what is kept of one listing."""


def node_rules(nodes: Sequence[Node], shell: Callable[[str], Shell]) -> Iterator[tuple[str, str]]:
    """Yield titles and texts: rules and connections, of each node."""
    for node in nodes:
        for title, command in COMMANDS.items():
            if text := _listed(shell(node.name), command):
                yield f"{title} on {node.name}", bounded(text)


def bounded(text: str) -> str:
    """Both ends of a text, where it is long."""
    if len(text) <= 2 * KEPT:
        return text
    return "\n[... more was printed, and left out here ...]\n".join((text[:KEPT], text[-KEPT:]))


def proxy_logs(kube: Kube, known: ProxyPods) -> Iterator[tuple[str, str]]:
    """Yield titles and texts: the last lines of the log of each pod of the proxy."""
    for pod in proxy_pods(kube, known):
        yield (
            f"proxy log of {pod['metadata']['name']} on {pod['spec'].get('nodeName', 'no node')}",
            pod_log(kube, pod, LAST_LINES),
        )


def _listed(shell: Shell, command: tuple[str, ...]) -> str:
    try:
        listed = shell.run(command, Request.COMMAND_ON_NODE.seconds)
    except ProbeError as error:
        return f"({error})"
    return (listed.stdout or listed.stderr).decode(errors="replace")
