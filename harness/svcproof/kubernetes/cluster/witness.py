"""A cluster of Kubernetes as a witness of a check that did not hold, as far as its account may look."""

import math
import shlex
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from svcproof.errors import ProbeError
from svcproof.evidence import logs
from svcproof.evidence.listings import LIST_ALL, LISTINGS, listed, of_command
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube, PodShell
from svcproof.kubernetes.cluster.health import LAST_LINES, proxy_pods
from svcproof.kubernetes.cluster.reach import Reach
from svcproof.limits import Request
from svcproof.model.cluster import OutsideClient, Shell
from svcproof.model.evidence import Log, Packet, RuleDump
from svcproof.model.proxy_spec import fill


@dataclass(frozen=True, slots=True)
class ApiWitness:
    """Takes what can explain a check through the API, and through a shell on the nodes where there is one."""

    kube: Kube
    reach: Reach
    node_shell: Callable[[str], Shell]

    @property
    def secrets(self) -> tuple[str, ...]:
        """The secret of the agents; the API's credentials are in no text of a cluster's."""
        return (self.reach.secret,)

    def rules(self, node: str) -> tuple[RuleDump, ...]:
        """The rules of a node now; nobody has recorded what they were before."""
        return (RuleDump(node, time.time(), self._listed(node)),)

    def connections(self, node: str) -> str:
        """The entries of a node's connection tracking."""
        completed = self._shell(node).run(("conntrack", "-L"), Request.COMMAND_ON_NODE.seconds)
        if completed.code:
            raise ProbeError(completed.stderr.decode(errors="replace").strip() or f"exit status {completed.code}")
        return completed.stdout.decode(errors="replace")

    def outputs(self, node: str) -> Iterator[tuple[str, str]]:
        """Yield the commands that the proxy's declaration names, and what each prints in the proxy's pod there."""
        if not self.reach.evidence:
            return
        address = next((place.addresses[0] for place in self.reach.nodes if place.name == node), "")
        values = {"node": node, "node_ip": address, "python": "python3"}
        shell = self._proxy_shell(node)
        for words in self.reach.evidence:
            command = tuple(fill(word, values) for word in words)
            ran = shell.run(command, Request.COMMAND_ON_NODE.seconds)
            yield shlex.join(command), of_command(ran.stdout, ran.stderr, ran.code)

    def logs(self, since: float) -> tuple[Log, ...]:
        """The logs of the proxy's pods; of one that has nothing since then, the last lines."""
        pods = proxy_pods(self.kube, self.reach.proxy)
        if not pods:
            raise ProbeError("the pods of the proxy are not known")
        return tuple(self._log(pod, since) for pod in pods)

    @contextmanager
    def capture(self, ends: Sequence[Object | OutsideClient]) -> Iterator[list[Packet]]:
        """Refuse: the networks of pods are the nodes', which may be anybody's."""
        raise ProbeError("packets are captured in a lab only")
        yield []

    def _log(self, pod: Object, since: float) -> Log:
        name, namespace = pod["metadata"]["name"], pod["metadata"]["namespace"]
        seconds = math.ceil(time.time() - since)
        text = self.kube.logs(name, namespace, seconds=seconds, timestamps=True)
        text = text or self.kube.logs(name, namespace, LAST_LINES, timestamps=True)
        return Log("proxy", pod["spec"].get("nodeName", ""), tuple(logs.stamped(text)))

    def _listed(self, node: str) -> dict[str, str]:
        if self.reach.enter_node:
            return listed(self.node_shell(node).run(LIST_ALL, Request.COMMAND_ON_NODE.seconds).stdout)
        shell = self._proxy_shell(node)  # An image of a proxy may have no `sh`.
        texts = {words[0]: shell.run(words, Request.COMMAND_ON_NODE.seconds).stdout.decode() for words in LISTINGS}
        return {program: text for program, text in texts.items() if text}

    def _shell(self, node: str) -> Shell:
        """A shell on the node, or in the proxy's pod there, which is in the node's network."""
        return self.node_shell(node) if self.reach.enter_node else self._proxy_shell(node)

    def _proxy_shell(self, node: str) -> Shell:
        for pod in proxy_pods(self.kube, self.reach.proxy):
            if pod["spec"].get("nodeName") == node:
                return PodShell(self.kube, pod["metadata"]["name"], pod["metadata"]["namespace"])
        raise ProbeError(f"there is no shell on the nodes of this cluster, and no pod of the proxy is known on {node}")
