"""Volumes of a pod, and where its containers mount them: https://kubernetes.io/docs/concepts/storage/volumes/ ."""

from collections.abc import Mapping

from svcproof.json_objects import Object
from svcproof.lab.apiserver import names
from svcproof.lab.apiserver.errors import Cause, forbidden, invalid, not_supported, required

NEEDED = {
    "configMap": ("name",),
    "secret": ("secretName",),
    "hostPath": ("path",),
    "nfs": ("server", "path"),
    "persistentVolumeClaim": ("claimName",),
}
"""Fields that a kind of volume requires."""
HOST_PATHS = (*("", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"),)
BLOCK = frozenset({"persistentVolumeClaim", "ephemeral"})


def validate_volumes(volumes: list[Object], field: str) -> list[Cause]:
    """Return what is wrong with the volumes of a pod."""
    causes: list[Cause] = []
    taken_names: set[str] = set()
    for index, volume in enumerate(volumes):
        volume_field, name = f"{field}[{index}]", volume.get("name", "")
        kinds = [key for key in volume if key != "name"]
        kinds.sort(key=lambda kind: (kind != "emptyDir", kind))
        causes += _source(volume[kinds[0]] or {}, kinds[0], f"{volume_field}.{kinds[0]}") if kinds else []
        causes += [forbidden(f"{volume_field}.{key}", "may not specify more than 1 volume type") for key in kinds[1:]]
        causes += names.check_required(names.dns_label, name, f"{volume_field}.name")
        causes += names.check_new(name, taken_names, f"{volume_field}.name") if name else []
    return causes


def validate_mounts(container: Object, volumes: Mapping[str, Object], field: str) -> list[Cause]:
    """Return what is wrong with what a container mounts."""
    mounts, devices = container.get("volumeMounts") or [], container.get("volumeDevices") or []
    causes: list[Cause] = []
    paths: set[str] = set()
    for index, mount in enumerate(mounts):
        mount_field, name, path = f"{field}.volumeMounts[{index}]", mount.get("name", ""), mount.get("mountPath", "")
        causes += _volume_reference(name, volumes, mount_field)
        causes += names.missing(mount, ("mountPath",), mount_field)
        if path in paths:
            causes.append(invalid(f"{mount_field}.mountPath", path, "must be unique"))
        paths.add(path)
        if name in {device["name"] for device in devices}:
            causes.append(invalid(f"{mount_field}.name", name, "must not already exist in volumeDevices"))
        for key in ("subPath", "subPathExpr"):
            causes += _relative_path(mount.get(key, ""), f"{field}.volumeMounts.{key}")
    for index, device in enumerate(devices):
        device_field, name = f"{field}.volumeDevices[{index}]", device.get("name", "")
        causes += _volume_reference(name, volumes, device_field)
        if name in volumes and not BLOCK & set(volumes[name]):
            why = "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode"
            causes.append(invalid(f"{device_field}.name", name, why))
        causes += names.missing(device, ("devicePath",), device_field)
        if name in {mount["name"] for mount in mounts}:
            causes.append(invalid(f"{device_field}.name", name, "must not already exist in volumeMounts"))
    return causes


def _volume_reference(name: str, volumes: Mapping[str, Object], field: str) -> list[Cause]:
    missing = [] if name else [required(f"{field}.name")]
    unknown = [] if name in volumes else [Cause("FieldValueNotFound", f"{field}.name", f'Not found: "{name}"')]
    return [*missing, *unknown]


def _source(source: Object, kind: str, field: str) -> list[Cause]:
    causes = names.missing(source, NEEDED.get(kind, ()), field)
    if kind == "nfs" and not source.get("path", "").startswith("/"):
        causes.append(invalid(f"{field}.path", source.get("path", ""), "must be an absolute path"))
    if kind == "hostPath" and source.get("path"):
        causes += _path_inside(source["path"], f"{field}.path")
        if source.get("type") not in {None, *HOST_PATHS}:
            causes.append(not_supported(f"{field}.type", source["type"], HOST_PATHS))
    for index, item in enumerate((source.get("items") or []) if kind in {"configMap", "secret"} else []):
        item_field = f"{field}.items[{index}]"
        causes += names.missing(item, ("key", "path"), item_field)
        causes += _relative_path(item.get("path", ""), f"{item_field}.path")
    return causes


def _relative_path(path: str, field: str) -> list[Cause]:
    """Return what is wrong with a path that must stay within its directory."""
    absolute = [invalid(field, path, "must be a relative path")] if path.startswith("/") else []
    return [*absolute, *_path_inside(path, field)]


def _path_inside(path: str, field: str) -> list[Cause]:
    return [invalid(field, path, "must not contain '..'")] if ".." in path.split("/") else []
