"""Binds pods to nodes: one pod after another, to the feasible node that has fewest of its siblings."""

from collections.abc import Iterable, Mapping

from svcproof.api_kinds import PODS
from svcproof.json_objects import Object
from svcproof.lab import clock
from svcproof.lab.client import Client, Controller, Event, Key, PatchType, Recorder
from svcproof.lab.controllers.feasible import obstacle
from svcproof.lab.controllers.informers import Informers
from svcproof.lab.controllers.owner import controller_of
from svcproof.lab.controllers.pod import is_over, is_terminating
from svcproof.lab.controllers.storage import is_bound

NAME = "default-scheduler"
RETRY = 1.0
"""Seconds until a pod that fits nowhere is looked at again, besides when a node changes."""


class Scheduler(Controller[Key]):
    """As kube-scheduler does for what tests of Services use: selectors, affinity, taints, host ports, spreading."""

    def __init__(self, client: Client, informers: Informers) -> None:
        self._client = client
        self._informers = informers
        self._recorder = Recorder(client, NAME)
        self._bound: dict[str, str] = {}
        """Node by the uid of pods bound here that the informer may not show as bound yet."""
        sources = [
            (informers.pods, self._concerned),
            (informers.nodes, self._all_waiting),
            (informers.storage_claims, self._all_waiting),
        ]
        super().__init__("placing", sources, self.reconcile)

    async def reconcile(self, key: Key) -> None:
        """Bind one pod, or say why it cannot be."""
        pod = self._informers.pods.items.get(key)
        if pod is None or not _waits(pod) or pod["metadata"]["uid"] in self._bound:
            return
        nodes = {name: node for (_, name), node in self._informers.nodes.items.items()}
        placed = self._placed()
        if unbound := self._unbound(pod):
            await self._refuse(pod, dict.fromkeys(nodes, unbound))
            return
        obstacles = {name: obstacle(pod, node, placed.get(name, ())) for name, node in nodes.items()}
        feasible = [name for name, why in obstacles.items() if not why]
        if not feasible:
            await self._refuse(pod, obstacles)
            return
        best = min(feasible, key=lambda name: _crowding(pod, placed.get(name, ())))
        await self._bind(pod, best)

    def _unbound(self, pod: Object) -> str:
        """Say why the pod's claims keep it from every node; empty where they do not."""
        for volume in pod["spec"].get("volumes") or ():
            if "persistentVolumeClaim" in volume:
                name = volume["persistentVolumeClaim"]["claimName"]
                claim = self._informers.storage_claims.items.get((pod["metadata"]["namespace"], name))
                if claim is None:
                    return f'persistentvolumeclaim "{name}" not found'
                if not is_bound(claim):
                    return "pod has unbound immediate PersistentVolumeClaims"
        return ""

    def _placed(self) -> dict[str, list[Object]]:
        """Pods by node, those included that were bound a moment ago."""
        pods = {pod["metadata"]["uid"]: pod for pod in self._informers.pods.items.values()}
        unseen = {uid for uid, pod in pods.items() if not pod["spec"].get("nodeName")}
        self._bound = {uid: node for uid, node in self._bound.items() if uid in unseen}
        placed: dict[str, list[Object]] = {}
        for uid, pod in pods.items():
            where = pod["spec"].get("nodeName") or self._bound.get(uid)
            if where and not is_over(pod):
                placed.setdefault(where, []).append(pod)
        return placed

    async def _bind(self, pod: Object, node: str) -> None:
        metadata = pod["metadata"]
        binding = {
            "apiVersion": "v1",
            "kind": "Binding",
            "metadata": {key: metadata[key] for key in ("name", "namespace", "uid")},
            "target": {"apiVersion": "v1", "kind": "Node", "name": node},
        }
        await self._client.create_sub(PODS, metadata["name"], metadata["namespace"], "binding", binding)
        self._bound[metadata["uid"]] = node
        message = f"Successfully assigned {metadata['namespace']}/{metadata['name']} to {node}"
        await self._recorder.normal(pod, "Scheduled", message)

    async def _refuse(self, pod: Object, obstacles: Mapping[str, str]) -> None:
        reasons = sorted(set(obstacles.values()))
        message = f"0/{len(obstacles)} nodes are available: {', '.join(reasons) or 'there is no node'}."
        known = pod.get("status", {}).get("conditions") or ()
        if any(condition["type"] == "PodScheduled" and condition.get("message") == message for condition in known):
            return
        condition = {
            "type": "PodScheduled",
            "status": "False",
            "reason": "Unschedulable",
            "message": message,
            "lastTransitionTime": clock.rfc3339(clock.now()),
        }
        name, namespace = pod["metadata"]["name"], pod["metadata"]["namespace"]
        patch = {"status": {"conditions": [condition]}}
        await self._client.patch(PODS, name, patch, namespace, type=PatchType.STRATEGIC, subresource="status")
        await self._recorder.warning(pod, "FailedScheduling", message)

    def _concerned(self, event: Event) -> Iterable[Key]:
        if not event.object["spec"].get("nodeName"):
            return (event.key,)
        # A pod that ends makes room for one that waits for its host port.
        return self._all_waiting(event) if is_over(event.object) or event.change == "DELETED" else ()

    def _all_waiting(self, _: Event) -> Iterable[Key]:
        return [key for key, pod in self._informers.pods.items.items() if _waits(pod)]


def _waits(pod: Object) -> bool:
    spec = pod["spec"]
    ours = spec.get("schedulerName", NAME) == NAME and not spec.get("schedulingGates")
    return ours and not spec.get("nodeName") and not is_terminating(pod)


def _crowding(pod: Object, pods: Iterable[Object]) -> tuple[int, int]:
    """The crowding of a node for this pod: its siblings there first, then all pods; nodes stay in order on a tie."""
    pods = tuple(pods)
    owner = controller_of(pod)
    siblings = (other for other in pods if owner and (controller_of(other) or {}).get("uid") == owner["uid"])
    return sum(1 for _ in siblings), len(pods)
