"""Keeps one pod of a DaemonSet on every node that it fits on."""

from collections.abc import Sequence
from functools import partial

from svcproof.api_kinds import DAEMON_SETS, PODS
from svcproof.json_objects import Object
from svcproof.lab.client import Client, Controller, Key, itself
from svcproof.lab.controllers.claims import claim, claimants
from svcproof.lab.controllers.feasible import obstacle
from svcproof.lab.controllers.informers import Informers
from svcproof.lab.controllers.pod import is_over, is_ready, is_terminating
from svcproof.lab.controllers.revisions import HASH, record_revision
from svcproof.lab.controllers.selector import labels_of
from svcproof.lab.controllers.template import hash_of, pod_of
from svcproof.lab.controllers.writing import write_status

TOLERATED = ("not-ready", "unreachable", "disk-pressure", "memory-pressure", "pid-pressure", "unschedulable")


class DaemonSetController(Controller[Key]):
    """As kube-controller-manager's daemonset-controller, one outdated pod replaced at a time."""

    def __init__(self, client: Client, informers: Informers) -> None:
        self._client = client
        self._informers = informers
        super().__init__(
            "daemon set",
            [
                (informers.daemon_sets, itself),
                (informers.nodes, lambda _: tuple(informers.daemon_sets.items)),
                (informers.pods, partial(claimants, DAEMON_SETS, informers.daemon_sets)),
            ],
            self.reconcile,
        )

    async def reconcile(self, key: Key) -> None:
        """Bring the pods of one DaemonSet up to date, and count them."""
        daemon_set = self._informers.daemon_sets.items.get(key)
        if daemon_set is None or "deletionTimestamp" in daemon_set["metadata"]:
            return
        await record_revision(self._client, DAEMON_SETS, daemon_set, self._informers.revisions)
        pods = await claim(self._client, DAEMON_SETS, daemon_set)
        placed = {node: pod for pod in pods if (node := node_of(pod)) is not None}
        nodes = [
            name
            for (_, name), node in self._informers.nodes.items.items()
            if not obstacle(pod_on(daemon_set, name), node, ())
        ]
        for name in nodes:
            if name not in placed:
                await self._client.create(PODS, pod_on(daemon_set, name))
        unwanted = [pod for node, pod in placed.items() if node not in nodes or is_over(pod)]
        for pod in unwanted or self._outdated(daemon_set, pods):
            if not is_terminating(pod):
                await self._client.delete(PODS, pod["metadata"]["name"], key[0], uid=pod["metadata"]["uid"])
        await self._report(daemon_set, nodes, placed)

    def _outdated(self, daemon_set: Object, pods: Sequence[Object]) -> Sequence[Object]:
        """The next pod to be replaced, if all others are ready."""
        if (daemon_set["spec"].get("updateStrategy") or {}).get("type") == "OnDelete":
            return ()
        current = hash_of(daemon_set["spec"]["template"])
        old = [pod for pod in pods if labels_of(pod).get(HASH) != current]
        broken = [pod for pod in old if not is_ready(pod)]
        return broken or (old[:1] if all(is_ready(pod) for pod in pods) else ())

    async def _report(self, daemon_set: Object, nodes: Sequence[str], placed: dict[str, Object]) -> None:
        scheduled = [placed[name] for name in nodes if name in placed]
        current = hash_of(daemon_set["spec"]["template"])
        ready = sum(is_ready(pod) for pod in scheduled)
        status = {
            "desiredNumberScheduled": len(nodes),
            "currentNumberScheduled": len(scheduled),
            "numberMisscheduled": len(placed) - len(scheduled),
            "numberReady": ready,
            "numberAvailable": ready,
            "numberUnavailable": len(nodes) - ready,
            "updatedNumberScheduled": sum(labels_of(pod).get(HASH) == current for pod in scheduled),
            "observedGeneration": daemon_set["metadata"].get("generation", 0),
        }
        await write_status(self._client, DAEMON_SETS, daemon_set, status)


def pod_on(daemon_set: Object, node: str) -> Object:
    """The DaemonSet's pod for one node; the scheduler binds it, by an affinity that only this node meets."""
    pod = pod_of(DAEMON_SETS, daemon_set)
    pod["metadata"]["labels"][HASH] = hash_of(daemon_set["spec"]["template"])
    spec = pod["spec"]
    tolerations = [{"key": f"node.kubernetes.io/{condition}", "operator": "Exists"} for condition in TOLERATED]
    spec["tolerations"] = [*(spec.get("tolerations") or ()), *tolerations]
    affinity = spec.setdefault("affinity", {}).setdefault("nodeAffinity", {})
    required = affinity.setdefault("requiredDuringSchedulingIgnoredDuringExecution", {})
    only = [{"key": "metadata.name", "operator": "In", "values": [node]}]
    terms = required.get("nodeSelectorTerms") or [{}]
    required["nodeSelectorTerms"] = [{**term, "matchFields": only} for term in terms]
    return pod


def node_of(pod: Object) -> str | None:
    """The node a DaemonSet's pod is on, or is meant for."""
    if node := pod["spec"].get("nodeName"):
        return str(node)
    affinity = (pod["spec"].get("affinity") or {}).get("nodeAffinity") or {}
    required = affinity.get("requiredDuringSchedulingIgnoredDuringExecution") or {}
    for term in required.get("nodeSelectorTerms") or ():
        for field in term.get("matchFields") or ():
            return str(field["values"][0])
    return None
