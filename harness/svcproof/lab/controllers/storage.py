"""Binds claims to volumes, and makes a volume, a directory of the lab, for each claim of the lab's own StorageClass.

https://kubernetes.io/docs/concepts/storage/persistent-volumes/#binding
"""

from collections.abc import Iterable

from svcproof.api_kinds import STORAGE_CLAIMS, STORAGE_CLASSES, VOLUMES
from svcproof.json_objects import Object
from svcproof.lab.client import Client, Controller, Event, Key, Recorder
from svcproof.lab.controllers.informers import Informers
from svcproof.lab.controllers.writing import create_missing
from svcproof.lab.quantities import amount_of

CLASS = "standard"
PROVISIONER = "svcproof/lab-directory"
MADE_BY = "pv.kubernetes.io/provisioned-by"
DEFAULT = "storageclass.kubernetes.io/is-default-class"
DIRECTORY = "/var/lib/svcproof/volumes"


class StorageController(Controller[Key]):
    """As kube-controller-manager's binder and a provisioner. Keys are of claims, or of volumes, without a namespace."""

    def __init__(self, client: Client, informers: Informers) -> None:
        self._client = client
        self._claims, self._volumes, self._classes = informers.storage_claims, informers.volumes, informers.classes
        self._recorder = Recorder(client, "persistentvolume-controller")
        sources = [(self._claims, _of_claim), (self._volumes, self._of_volume), (self._classes, self._unbound)]
        super().__init__("storage", sources, self.reconcile)

    async def run(self) -> None:
        """Make the default StorageClass, and work until cancelled."""
        metadata = {"name": CLASS, "annotations": {DEFAULT: "true"}}
        await create_missing(self._client, STORAGE_CLASSES, {"metadata": metadata, "provisioner": PROVISIONER})
        await super().run()

    async def reconcile(self, key: Key) -> None:
        """Bind one claim, or see after one volume."""
        if not key[0]:
            await self._see_after(self._volumes.items.get(key))
            return
        claim = self._claims.items.get(key)
        if claim is None or "deletionTimestamp" in claim["metadata"] or is_bound(claim):
            return
        fitting = [volume for volume in self._volumes.items.values() if fits(volume, claim)]
        if fitting:
            await self._bind(claim, min(fitting, key=lambda volume: amount_of(volume["spec"]["capacity"]["storage"])))
        elif not claim["spec"].get("volumeName"):
            await self._provision(claim)

    async def _bind(self, claim: Object, volume: Object) -> None:
        """Bind both sides; a volume that somebody else has got meanwhile is a conflict, and tried again."""
        name, metadata = volume["metadata"]["name"], claim["metadata"]
        if (volume["spec"].get("claimRef") or {}).get("uid") != metadata["uid"]:
            version = {"resourceVersion": volume["metadata"]["resourceVersion"]}
            await self._client.patch(VOLUMES, name, {"metadata": version, "spec": {"claimRef": reference(claim)}})
        await self._client.patch(VOLUMES, name, {"status": {"phase": "Bound"}}, subresource="status")
        where = metadata["name"], {"spec": {"volumeName": name}}, metadata["namespace"]
        await self._client.patch(STORAGE_CLAIMS, *where)
        got = {key: volume["spec"][key] for key in ("accessModes", "capacity")}
        status = {"status": {"phase": "Bound", **got}}
        await self._client.patch(STORAGE_CLAIMS, metadata["name"], status, metadata["namespace"], subresource="status")

    async def _provision(self, claim: Object) -> None:
        """Make the volume of a claim where its class is the lab's; say what it waits for where it is not."""
        # Without a name, it was made before there was a default class, which Kubernetes names in retrospect.
        name = claim["spec"].get("storageClassName", CLASS)
        storage_class = self._classes.items.get(("", name)) if name else None
        if not name:
            message = "no persistent volumes available for this claim and no storage class is set"
            await self._recorder.normal(claim, "FailedBinding", message)
        elif storage_class is None:
            message = f'storageclass.storage.k8s.io "{name}" not found'
            await self._recorder.warning(claim, "ProvisioningFailed", message)
        elif storage_class["provisioner"] != PROVISIONER:
            provisioner = storage_class["provisioner"]
            message = f"Waiting for a volume to be created by the provisioner '{provisioner}' or manually"
            await self._recorder.normal(claim, "ExternalProvisioning", message)
        else:
            await create_missing(self._client, VOLUMES, volume_for(claim, storage_class))

    async def _see_after(self, volume: Object | None) -> None:
        """Offer a volume that is new; delete or release one whose claim is gone."""
        if volume is None or "deletionTimestamp" in volume["metadata"]:
            return
        name, owner = volume["metadata"]["name"], volume["spec"].get("claimRef") or {}
        phase = (volume.get("status") or {}).get("phase", "Pending")
        uids = {claim["metadata"]["uid"] for claim in self._claims.items.values()}
        right_phase = "Available" if phase == "Pending" and not owner else phase
        if owner.get("uid") and owner["uid"] not in uids:
            if volume["spec"].get("persistentVolumeReclaimPolicy") == "Delete":
                await self._client.delete(VOLUMES, name, uid=volume["metadata"]["uid"])
                return
            right_phase = "Released"
        if right_phase != phase:
            await self._client.patch(VOLUMES, name, {"status": {"phase": right_phase}}, subresource="status")

    def _of_volume(self, event: Event) -> Iterable[Key]:
        return [event.key, *self._unbound(event)]

    def _unbound(self, _: Event) -> Iterable[Key]:
        return [key for key, claim in self._claims.items.items() if not is_bound(claim)]


def is_bound(claim: Object) -> bool:
    """True once the claim has its volume."""
    return bool((claim.get("status") or {}).get("phase") == "Bound")


def fits(volume: Object, claim: Object) -> bool:
    """True if a claim can be bound to a volume: the one it names, one that names it, or a free one that is enough."""
    spec, request = volume["spec"], claim["spec"]
    owner = spec.get("claimRef")
    if owner:
        metadata = claim["metadata"]
        same = (owner.get("namespace"), owner.get("name")) == (metadata["namespace"], metadata["name"])
        return same and owner.get("uid") in (None, "", metadata["uid"])
    if request.get("volumeName"):
        return bool(request["volumeName"] == volume["metadata"]["name"])
    return (
        not request.get("selector")
        and (spec.get("storageClassName") or "") == (request.get("storageClassName") or "")
        and set(request["accessModes"]) <= set(spec["accessModes"])
        and spec.get("volumeMode") == request.get("volumeMode")
        and amount_of(spec["capacity"]["storage"]) >= amount_of(request["resources"]["requests"]["storage"])
    )


def volume_for(claim: Object, storage_class: Object) -> Object:
    """The volume that is made for a claim."""
    name = f"pvc-{claim['metadata']['uid']}"
    return {
        "metadata": {"name": name, "annotations": {MADE_BY: PROVISIONER}},
        "spec": {
            "capacity": {"storage": claim["spec"]["resources"]["requests"]["storage"]},
            "accessModes": claim["spec"]["accessModes"],
            "volumeMode": claim["spec"].get("volumeMode", "Filesystem"),
            "persistentVolumeReclaimPolicy": storage_class.get("reclaimPolicy", "Delete"),
            "storageClassName": storage_class["metadata"]["name"],
            "claimRef": reference(claim),
            "hostPath": {"path": f"{DIRECTORY}/{name}", "type": "DirectoryOrCreate"},
        },
    }


def reference(claim: Object) -> Object:
    """A claim as its volume names it."""
    kept = {key: claim["metadata"][key] for key in ("namespace", "name", "uid")}
    return {"kind": "PersistentVolumeClaim", "apiVersion": "v1", **kept}


def _of_claim(event: Event) -> Iterable[Key]:
    volume = event.object["spec"].get("volumeName")
    return [event.key, ("", volume)] if volume else [event.key]
