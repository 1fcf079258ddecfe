"""Volumes of a pod: files and directories of the lab that its containers mount."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from svcproof.api_kinds import SERVICE_ACCOUNTS, STORAGE_CLAIMS, VOLUMES
from svcproof.json_objects import Object
from svcproof.lab.client import ApiError, Client
from svcproof.lab.kubelet.downward import field
from svcproof.lab.kubelet.host_path import HostFiles
from svcproof.lab.kubelet.values import MissingValueError, Values
from svcproof.lab.runtime import Mount

Files = dict[str, bytes]
MADE_BY = "pv.kubernetes.io/provisioned-by"
READ_ONLY = frozenset({"configMap", "secret", "downwardAPI", "projected"})


@dataclass(frozen=True, slots=True)
class Volume:
    """A volume that is there: where, and whether containers may only read it."""

    path: Path
    read_only: bool


class Volumes:
    """Makes the volumes of one node's pods."""

    def __init__(self, client: Client, files: HostFiles) -> None:
        self._client, self._host_files = client, files
        self._values = Values(client)

    async def make(self, pod: Object, directory: Path) -> Mapping[str, Volume]:
        """Make the volumes of a pod below `directory`, by name; raises MissingValueError for what is not there."""
        volumes = {}
        for volume in pod["spec"].get("volumes", ()):
            kind = next((key for key in volume if key != "name"), "emptyDir")
            name = volume["name"]
            try:
                volumes[name] = await self._one(pod, kind, volume.get(kind) or {}, directory / name)
            except (MissingValueError, ApiError) as error:
                raise MissingValueError(f'volume "{name}" : {error}') from error
        return volumes

    async def _one(self, pod: Object, kind: str, source: dict[str, Any], place: Path) -> Volume:
        if kind == "hostPath":
            path = self._host_files.find(source)
            return Volume(path, read_only=not self._host_files.is_kept(path))
        if kind == "persistentVolumeClaim":
            return await self._claimed(pod["metadata"]["namespace"], source)
        place.mkdir(parents=True, exist_ok=True)
        if kind == "emptyDir":
            place.chmod(0o777)
        else:
            _write(place, await self._files(pod, kind, source), source.get("defaultMode", 0o644))
        return Volume(place, kind in READ_ONLY)

    async def _claimed(self, namespace: str, source: dict[str, Any]) -> Volume:
        """The volume of a claim: a directory that all nodes share where the lab made it, else a hostPath."""
        claim = await self._client.get(STORAGE_CLAIMS, source["claimName"], namespace)
        if (claim.get("status") or {}).get("phase") != "Bound":
            raise MissingValueError(f"PersistentVolumeClaim {source['claimName']} is not bound")
        volume = await self._client.get(VOLUMES, claim["spec"]["volumeName"])
        if "hostPath" not in volume["spec"]:
            name = volume["metadata"]["name"]
            raise MissingValueError(f"PersistentVolume {name} is of a kind this kubelet cannot mount")
        if MADE_BY in (volume["metadata"].get("annotations") or {}):
            path = self._host_files.volumes / volume["metadata"]["name"]
            path.mkdir(parents=True, exist_ok=True)
            path.chmod(0o777)
            return Volume(path, read_only=bool(source.get("readOnly")))
        path = self._host_files.find(volume["spec"]["hostPath"])
        return Volume(path, read_only=bool(source.get("readOnly")) or not self._host_files.is_kept(path))

    async def _files(self, pod: Object, kind: str, source: dict[str, Any]) -> Files:
        namespace, optional = pod["metadata"]["namespace"], source.get("optional", False)
        if kind == "configMap":
            return _chosen(await self._values.config_map(namespace, source["name"], optional=optional), source)
        if kind == "secret":
            name = source.get("secretName") or source["name"]
            return _chosen(await self._values.secret(namespace, name, optional=optional), source)
        if kind == "downwardAPI":
            items = (item for item in source.get("items", ()) if "fieldRef" in item)
            return {item["path"]: field(pod, item["fieldRef"]["fieldPath"]).encode() for item in items}
        if kind == "serviceAccountToken":
            return {source["path"]: (await self._token(pod, source)).encode()}
        if kind == "projected":
            files: Files = {}
            for part in source.get("sources", ()):
                for inner, projection in part.items():
                    files |= await self._files(pod, inner, projection)
            return files
        raise MissingValueError(f"volumes of kind {kind} are not supported by this kubelet")

    async def _token(self, pod: Object, source: dict[str, Any]) -> str:
        request = {
            "apiVersion": "authentication.k8s.io/v1",
            "kind": "TokenRequest",
            "spec": {
                "audiences": [source["audience"]] if source.get("audience") else [],
                "expirationSeconds": source.get("expirationSeconds", 3600),
            },
        }
        account = pod["spec"].get("serviceAccountName") or "default"
        namespace = pod["metadata"]["namespace"]
        answer = await self._client.create_sub(SERVICE_ACCOUNTS, account, namespace, "token", request)
        return str(answer["status"]["token"])


def mounts(container: Object, volumes: Mapping[str, Volume]) -> list[Mount]:
    """The mounts of a container, for its volumeMounts; raises MissingValueError for a subPath that is not there."""
    mounted = []
    for mount in container.get("volumeMounts", ()):
        volume = volumes[mount["name"]]
        source = _below(volume.path, mount.get("subPath", ""))
        if not source.exists():
            if volume.read_only:
                sub_path = f'subPath for volumeMount "{mount["name"]}" of container "{container["name"]}"'
                raise MissingValueError(f"failed to prepare {sub_path}: {mount['subPath']} is not there to read")
            source.mkdir(parents=True)
        mounted.append(Mount(str(source), mount["mountPath"], volume.read_only or mount.get("readOnly", False)))
    return mounted


def _chosen(data: Mapping[str, bytes], source: dict[str, Any]) -> Files:
    """All of the data, or the `items` of it under their paths."""
    if not source.get("items"):
        return dict(data)
    missing = [item["key"] for item in source["items"] if item["key"] not in data]
    if missing and not source.get("optional"):
        raise MissingValueError(f"references non-existent config key: {', '.join(missing)}")
    return {item["path"]: data[item["key"]] for item in source["items"] if item["key"] in data}


def _write(place: Path, files: Files, mode: int) -> None:
    for name, content in files.items():
        file = _below(place, name)
        file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:
            opened.write(content)
            os.fchmod(opened.fileno(), mode)


def _below(directory: Path, name: str) -> Path:
    """The path `name` in a directory; raises MissingValueError where `..` or a link that a pod made leads out of it."""
    path = directory / name
    if not path.resolve().is_relative_to(directory.resolve()):
        raise MissingValueError(f"{name} leads out of its volume")
    return path
