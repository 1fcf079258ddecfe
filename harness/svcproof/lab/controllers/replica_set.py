"""Keeps as many pods as a ReplicaSet, or a ReplicationController, asks for."""

from collections.abc import Sequence
from functools import partial

from svcproof.api_kinds import PODS
from svcproof.json_objects import Object
from svcproof.lab.client import Client, Controller, Informer, Key, Recorder, itself, key
from svcproof.lab.controllers.claims import claim, claimants
from svcproof.lab.controllers.pod import is_active, is_ready, ready_for
from svcproof.lab.controllers.selector import labels_of
from svcproof.lab.controllers.template import pod_of
from svcproof.lab.controllers.writing import write_status


class ReplicaSetController(Controller[Key]):
    """As kube-controller-manager's replicaset-controller, and with `name` and owners its replication-controller."""

    def __init__(self, client: Client, name: str, owners: Informer, pods: Informer) -> None:
        self._client = client
        self._owners = owners
        self._resource = owners.resource
        self._recorder = Recorder(client, name)
        super().__init__(name, [(owners, itself), (pods, partial(claimants, self._resource, owners))], self.reconcile)

    async def reconcile(self, owner: Key) -> None:
        """Create or delete pods of one ReplicaSet, and count them."""
        replica_set = self._owners.items.get(owner)
        if replica_set is None:
            return
        pods = list(filter(is_active, await claim(self._client, self._resource, replica_set)))
        if "deletionTimestamp" not in replica_set["metadata"]:
            await self._scale(replica_set, pods)
        await self._report(replica_set, pods)

    async def _scale(self, replica_set: Object, pods: list[Object]) -> None:
        number = replica_set["spec"].get("replicas", 1)
        for _ in range(number - len(pods)):
            pod = await self._client.create(PODS, pod_of(self._resource, replica_set))
            pods.append(pod)
            await self._recorder.normal(replica_set, "SuccessfulCreate", f"Created pod: {pod['metadata']['name']}")
        for pod in sorted(pods, key=_worth)[: max(0, len(pods) - number)]:
            name = pod["metadata"]["name"]
            await self._client.delete(PODS, name, pod["metadata"]["namespace"], uid=pod["metadata"]["uid"])
            pods.remove(pod)
            await self._recorder.normal(replica_set, "SuccessfulDelete", f"Deleted pod: {name}")

    async def _report(self, replica_set: Object, pods: Sequence[Object]) -> None:
        minimum = replica_set["spec"].get("minReadySeconds", 0)
        template = replica_set["spec"]["template"]["metadata"].get("labels") or {}
        ready = [ready_for(pod) for pod in pods if is_ready(pod)]
        available = sum(seconds >= minimum for seconds in ready)
        status = {
            "replicas": len(pods),
            "fullyLabeledReplicas": sum(template.items() <= labels_of(pod).items() for pod in pods),
            "readyReplicas": len(ready),
            "availableReplicas": available,
            "observedGeneration": replica_set["metadata"].get("generation", 0),
        }
        await write_status(self._client, self._resource, replica_set, status)
        if available < len(ready):
            self.after(max(0.1, minimum - min(ready)), key(replica_set))


def _worth(pod: Object) -> tuple[bool, bool, float]:
    """Pods of least worth are deleted first: unbound, then not ready, then the youngest."""
    return bool(pod["spec"].get("nodeName")), is_ready(pod), ready_for(pod)
