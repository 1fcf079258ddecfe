"""Rolls out Deployments: a ReplicaSet a template, moved from the old ones to the new."""

from collections.abc import Iterable

from svcproof.api_kinds import DEPLOYMENTS, REPLICA_SETS, ApiKind
from svcproof.json_objects import Object
from svcproof.lab.client import Client, Controller, Event, Key, Recorder, itself
from svcproof.lab.controllers.informers import Informers
from svcproof.lab.controllers.owner import controller_of, is_controlled_by, owned_by
from svcproof.lab.controllers.rollout import (
    HASH,
    REVISION,
    current,
    inherited_annotations,
    next_revision,
    replicas,
    revision_annotations,
    size_annotations,
    status,
    surplus,
)
from svcproof.lab.controllers.template import hash_of
from svcproof.lab.controllers.writing import write_status


class DeploymentController(Controller[Key]):
    """As kube-controller-manager's deployment-controller, but for proportional scaling and progress deadlines."""

    def __init__(self, client: Client, informers: Informers) -> None:
        self._client = client
        self._informers = informers
        self._recorder = Recorder(client, "deployment-controller")
        sources = [(informers.deployments, itself), (informers.replica_sets, _deployment_of)]
        super().__init__("deployment", sources, self.reconcile)

    async def reconcile(self, key: Key) -> None:
        """Take one Deployment a step further."""
        deployment = self._informers.deployments.items.get(key)
        if deployment is None or "deletionTimestamp" in deployment["metadata"]:
            return
        sets = await self._sets(deployment)
        new = current(deployment, sets)
        if new is None and not deployment["spec"].get("paused"):
            new = await self._create(deployment, sets)
            sets.append(new)
        if new is not None:
            await self._mark(deployment, new, sets)
        numbers = replicas(deployment, new, sets)
        for replica_set in sets:
            await self._scale(deployment, replica_set, numbers[replica_set["metadata"]["name"]])
        for replica_set in surplus(deployment, new, sets):
            await self._client.delete(REPLICA_SETS, replica_set["metadata"]["name"], key[0], propagation="Background")
        await write_status(self._client, DEPLOYMENTS, deployment, status(deployment, new, sets))

    async def _sets(self, deployment: Object) -> list[Object]:
        """Its ReplicaSets; asked of the server, which knows of one that was created a moment ago."""
        listed = await self._client.list(REPLICA_SETS, deployment["metadata"]["namespace"])
        return [replica_set for replica_set in listed["items"] if is_controlled_by(replica_set, deployment)]

    async def _create(self, deployment: Object, sets: list[Object]) -> Object:
        template = deployment["spec"]["template"]
        name = hash_of(template)
        labels = {**(template["metadata"].get("labels") or {}), HASH: name}
        selector = deployment["spec"]["selector"]
        body = {
            "metadata": {
                "name": f"{deployment['metadata']['name']}-{name}",
                "namespace": deployment["metadata"]["namespace"],
                "labels": labels,
                "annotations": {
                    **inherited_annotations(deployment),
                    **size_annotations(deployment),
                    REVISION: str(next_revision(sets)),
                },
                "ownerReferences": owned_by(DEPLOYMENTS, deployment),
            },
            "spec": {
                "replicas": 0,
                "minReadySeconds": deployment["spec"].get("minReadySeconds", 0),
                "selector": {**selector, "matchLabels": {**(selector.get("matchLabels") or {}), HASH: name}},
                "template": {**template, "metadata": {**template["metadata"], "labels": labels}},
            },
        }
        return await self._client.create(REPLICA_SETS, body)

    async def _mark(self, deployment: Object, new: Object, sets: list[Object]) -> None:
        """Number the rollout, a template that comes back with the next number, and say what it was made for."""
        known = (new["metadata"].get("annotations") or {}).get(REVISION, "0")
        latest = next_revision([replica_set for replica_set in sets if replica_set is not new])
        revision = known if int(known) >= latest else str(latest)
        await self._annotate(
            REPLICA_SETS, new, {**inherited_annotations(deployment), **revision_annotations(new, revision)}
        )
        await self._annotate(DEPLOYMENTS, deployment, {REVISION: revision})

    async def _annotate(self, resource: ApiKind, item: Object, annotations: dict[str, str]) -> None:
        if not annotations.items() <= (item["metadata"].get("annotations") or {}).items():
            patch = {"metadata": {"annotations": annotations}}
            await self._client.patch(resource, item["metadata"]["name"], patch, item["metadata"]["namespace"])

    async def _scale(self, deployment: Object, replica_set: Object, number: int) -> None:
        before = replica_set["spec"].get("replicas", 1)
        if before == number:
            return
        name, namespace = replica_set["metadata"]["name"], replica_set["metadata"]["namespace"]
        patch = {"metadata": {"annotations": size_annotations(deployment)}, "spec": {"replicas": number}}
        await self._client.patch(REPLICA_SETS, name, patch, namespace)
        way = "up" if number > before else "down"
        message = f"Scaled {way} replica set {name} from {before} to {number}"
        await self._recorder.normal(deployment, "ScalingReplicaSet", message)


def _deployment_of(event: Event) -> Iterable[Key]:
    owner = controller_of(event.object)
    return ((event.key[0], owner["name"]),) if owner and owner["kind"] == DEPLOYMENTS.kind else ()
