"""Volumes of a pod, and where its containers mount them: https://kubernetes.io/docs/concepts/storage/volumes/ ."""

from collections.abc import Mapping

from svcproof.json_objects import Object
from svcproof.lab.apiserver import names
from svcproof.lab.apiserver.errors import Cause, duplicate, forbidden, invalid, not_supported, required

NEEDED = {
    "configMap": ("name",),
    "secret": ("secretName",),
    "hostPath": ("path",),
    "nfs": ("server", "path"),
    "persistentVolumeClaim": ("claimName",),
}
"""Fields that a kind of volume cannot do without."""
HOST_PATHS = (*("", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"),)
BLOCK = frozenset({"persistentVolumeClaim", "ephemeral"})


def validate_volumes(volumes: list[Object], field: str) -> list[Cause]:
    """Return what is wrong with the volumes of a pod."""
    causes: list[Cause] = []
    seen: set[str] = set()
    for index, volume in enumerate(volumes):
        here, name = f"{field}[{index}]", volume.get("name", "")
        kinds = [key for key in volume if key != "name"]
        kinds.sort(key=lambda kind: (kind != "emptyDir", kind))
        causes += _source(volume[kinds[0]] or {}, kinds[0], f"{here}.{kinds[0]}") if kinds else []
        causes += [forbidden(f"{here}.{key}", "may not specify more than 1 volume type") for key in kinds[1:]]
        causes += names.check(names.dns_label, name, f"{here}.name") if name else [required(f"{here}.name")]
        if name and name in seen:
            causes.append(duplicate(f"{here}.name", name))
        seen.add(name)
    return causes


def validate_mounts(container: Object, volumes: Mapping[str, Object], field: str) -> list[Cause]:
    """Return what is wrong with what a container mounts."""
    mounts, devices = container.get("volumeMounts") or [], container.get("volumeDevices") or []
    causes: list[Cause] = []
    paths: set[str] = set()
    for index, mount in enumerate(mounts):
        here, name, path = f"{field}.volumeMounts[{index}]", mount.get("name", ""), mount.get("mountPath", "")
        causes += _known(name, volumes, here)
        if not path:
            causes.append(required(f"{here}.mountPath"))
        if path in paths:
            causes.append(invalid(f"{here}.mountPath", path, "must be unique"))
        paths.add(path)
        if name in {device["name"] for device in devices}:
            causes.append(invalid(f"{here}.name", name, "must not already exist in volumeDevices"))
        for key in ("subPath", "subPathExpr"):
            causes += _within(mount.get(key, ""), f"{field}.volumeMounts.{key}")
    for index, device in enumerate(devices):
        here, name = f"{field}.volumeDevices[{index}]", device.get("name", "")
        causes += _known(name, volumes, here)
        if name in volumes and not BLOCK & set(volumes[name]):
            why = "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode"
            causes.append(invalid(f"{here}.name", name, why))
        if not device.get("devicePath"):
            causes.append(required(f"{here}.devicePath"))
        if name in {mount["name"] for mount in mounts}:
            causes.append(invalid(f"{here}.name", name, "must not already exist in volumeMounts"))
    return causes


def _known(name: str, volumes: Mapping[str, Object], field: str) -> list[Cause]:
    missing = [] if name else [required(f"{field}.name")]
    unknown = [] if name in volumes else [Cause("FieldValueNotFound", f"{field}.name", f'Not found: "{name}"')]
    return [*missing, *unknown]


def _source(source: Object, kind: str, field: str) -> list[Cause]:
    causes = [required(f"{field}.{key}") for key in NEEDED.get(kind, ()) if not source.get(key)]
    if kind == "nfs" and not source.get("path", "").startswith("/"):
        causes.append(invalid(f"{field}.path", source.get("path", ""), "must be an absolute path"))
    if kind == "hostPath" and source.get("path"):
        causes += _no_steps_back(source["path"], f"{field}.path")
        if source.get("type") not in {None, *HOST_PATHS}:
            causes.append(not_supported(f"{field}.type", source["type"], HOST_PATHS))
    for index, item in enumerate((source.get("items") or []) if kind in {"configMap", "secret"} else []):
        here = f"{field}.items[{index}]"
        causes += [required(f"{here}.{key}") for key in ("key", "path") if not item.get(key)]
        causes += _within(item.get("path", ""), f"{here}.path")
    return causes


def _within(path: str, field: str) -> list[Cause]:
    """A path that does not lead out of its directory."""
    absolute = [invalid(field, path, "must be a relative path")] if path.startswith("/") else []
    return [*absolute, *_no_steps_back(path, field)]


def _no_steps_back(path: str, field: str) -> list[Cause]:
    return [invalid(field, path, "must not contain '..'")] if ".." in path.split("/") else []
