"""Keeps the numbered pods of a StatefulSet: name, hostname and place in the order stay with the number."""

from collections.abc import Sequence
from functools import partial

from svcproof.api_kinds import PODS, STATEFUL_SETS, STORAGE_CLAIMS
from svcproof.json_objects import Object
from svcproof.lab.client import Client, Controller, Key, Recorder, itself
from svcproof.lab.controllers.claims import claim, claimants
from svcproof.lab.controllers.informers import Informers
from svcproof.lab.controllers.pod import is_active, is_over, is_ready
from svcproof.lab.controllers.revisions import HASH, record_revision
from svcproof.lab.controllers.selector import labels_of
from svcproof.lab.controllers.template import hash_of, pod_of
from svcproof.lab.controllers.writing import create_missing, write_status


class StatefulSetController(Controller[Key]):
    """As kube-controller-manager's statefulset-controller, but for partitions and the end of claims."""

    def __init__(self, client: Client, informers: Informers) -> None:
        self._client = client
        self._informers = informers
        self._recorder = Recorder(client, "statefulset-controller")
        sets = informers.stateful_sets
        concerned = partial(claimants, STATEFUL_SETS, sets)
        super().__init__("stateful set", [(sets, itself), (informers.pods, concerned)], self.reconcile)

    async def reconcile(self, key: Key) -> None:
        """Take one StatefulSet a step further, and count its pods."""
        stateful_set = self._informers.stateful_sets.items.get(key)
        if stateful_set is None or "deletionTimestamp" in stateful_set["metadata"]:
            return
        await record_revision(self._client, STATEFUL_SETS, stateful_set, self._informers.revisions)
        pods = {pod["metadata"]["name"]: pod for pod in await claim(self._client, STATEFUL_SETS, stateful_set)}
        parallel = stateful_set["spec"].get("podManagementPolicy") == "Parallel"
        missing, doomed = step(stateful_set, pods)
        for name in missing if parallel else missing[:1]:
            await self._claim_storage(stateful_set, name)
            await self._client.create(PODS, pod_named(stateful_set, name))
            await self._recorder.normal(stateful_set, "SuccessfulCreate", f"create Pod {name} successful")
        for name in doomed if parallel else doomed[:1]:
            if is_active(pods[name]) or is_over(pods[name]):
                await self._client.delete(PODS, name, key[0], uid=pods[name]["metadata"]["uid"])
        await self._report(stateful_set, list(pods.values()))

    async def _claim_storage(self, stateful_set: Object, pod: str) -> None:
        """Make the claims of one pod, where they are not there from the last pod of its name."""
        for storage_claim in claims_of(stateful_set, pod):
            if await create_missing(self._client, STORAGE_CLAIMS, storage_claim):
                name, owner = storage_claim["metadata"]["name"], stateful_set["metadata"]["name"]
                message = f"create Claim {name} Pod {pod} in StatefulSet {owner} success"
                await self._recorder.normal(stateful_set, "SuccessfulCreate", message)

    async def _report(self, stateful_set: Object, pods: Sequence[Object]) -> None:
        current = hash_of(stateful_set["spec"]["template"])
        ready = sum(is_ready(pod) for pod in pods)
        updated = sum(labels_of(pod).get(HASH) == current for pod in pods)
        status = {
            "replicas": len(pods),
            "readyReplicas": ready,
            "availableReplicas": ready,
            "currentReplicas": updated,
            "updatedReplicas": updated,
            "currentRevision": current,
            "updateRevision": current,
            "observedGeneration": stateful_set["metadata"].get("generation", 0),
        }
        await write_status(self._client, STATEFUL_SETS, stateful_set, status)


def step(stateful_set: Object, pods: dict[str, Object]) -> tuple[list[str], list[str]]:
    """Names to create and to delete next: in order upwards, each after its predecessor is ready, and in order down."""
    ordered = stateful_set["spec"].get("podManagementPolicy") != "Parallel"
    start = (stateful_set["spec"].get("ordinals") or {}).get("start", 0)
    numbers = range(start, start + stateful_set["spec"].get("replicas", 1))
    names = [f"{stateful_set['metadata']['name']}-{number}" for number in numbers]
    current = hash_of(stateful_set["spec"]["template"])
    missing = []
    for name in names:
        if name not in pods:
            missing.append(name)
        if ordered and not (name in pods and is_active(pods[name]) and is_ready(pods[name])):
            break
    surplus = sorted(set(pods) - set(names), key=lambda name: -int(name.rpartition("-")[2]))
    ended = [name for name in names if name in pods and is_over(pods[name])]
    on_delete = (stateful_set["spec"].get("updateStrategy") or {}).get("type") == "OnDelete"
    old = [name for name in reversed(names) if name in pods and labels_of(pods[name]).get(HASH) != current]
    settled = not missing and all(name in pods and is_ready(pods[name]) for name in names)
    broken = [name for name in old if not is_ready(pods[name])]
    return missing, [*surplus, *ended, *(() if on_delete else (old if settled else broken))]


def pod_named(stateful_set: Object, name: str) -> Object:
    """The pod of this name; its hostname and the Service it is found by make its own DNS name."""
    pod = pod_of(STATEFUL_SETS, stateful_set)
    metadata, spec = pod["metadata"], pod["spec"]
    del metadata["generateName"]
    metadata["name"] = name
    metadata["labels"] |= {
        HASH: hash_of(stateful_set["spec"]["template"]),
        "statefulset.kubernetes.io/pod-name": name,
        "apps.kubernetes.io/pod-index": name.rpartition("-")[2],
    }
    spec["hostname"] = name
    if service := stateful_set["spec"].get("serviceName"):
        spec["subdomain"] = service
    claimed = [_volume(claim, name) for claim in stateful_set["spec"].get("volumeClaimTemplates") or ()]
    names = {volume["name"] for volume in claimed}
    if claimed:
        spec["volumes"] = [*claimed, *(volume for volume in spec.get("volumes") or () if volume["name"] not in names)]
    return pod


def claims_of(stateful_set: Object, pod: str) -> list[Object]:
    """The claims of one pod; they outlive it, and the StatefulSet.

    https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-storage
    """
    namespace = stateful_set["metadata"]["namespace"]
    labels = stateful_set["spec"]["selector"].get("matchLabels") or {}
    claims = []
    for template in stateful_set["spec"].get("volumeClaimTemplates") or ():
        metadata = template["metadata"]
        claim_metadata = {**metadata, "name": f"{metadata['name']}-{pod}", "namespace": namespace}
        claim_metadata["labels"] = {**(metadata.get("labels") or {}), **labels}
        claims.append({"metadata": claim_metadata, "spec": template["spec"]})
    return claims


def _volume(claim: Object, pod: str) -> Object:
    name = claim["metadata"]["name"]
    return {"name": name, "persistentVolumeClaim": {"claimName": f"{name}-{pod}"}}
