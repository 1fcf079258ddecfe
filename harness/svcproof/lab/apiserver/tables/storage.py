"""Columns of volumes, claims and classes of storage."""

from svcproof.json_objects import Object
from svcproof.lab.apiserver.tables.column import AGE, NAME, Column, default_name, get

SHORT = {"ReadWriteOnce": "RWO", "ReadOnlyMany": "ROX", "ReadWriteMany": "RWX", "ReadWriteOncePod": "RWOP"}
BETA_CLASS = "volume.beta.kubernetes.io/storage-class"
DEFAULT_CLASSES = ("storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class")


def _modes(modes: list[str] | None) -> str:
    return ",".join(short for mode, short in SHORT.items() if mode in (modes or []))


def _phase(item: Object) -> str:
    return "Terminating" if item["metadata"].get("deletionTimestamp") else str(get("status.phase")(item))


def _class(item: Object) -> str:
    annotations = item["metadata"].get("annotations") or {}
    return str(annotations.get(BETA_CLASS) or item["spec"].get("storageClassName") or "")


def _when_bound(item: Object, path: str, default: object = None) -> object:
    """The value at a path of a claim; None before the claim is bound."""
    return get(path, default)(item) if item["spec"].get("volumeName") else None


def _claim(volume: Object) -> str:
    reference = volume["spec"].get("claimRef")
    return f"{reference.get('namespace', '')}/{reference.get('name', '')}" if reference else ""


CLASS = Column("StorageClass", _class)
ATTRIBUTES = Column("VolumeAttributesClass", get("spec.volumeAttributesClassName", "<unset>"))
MODE = Column("VolumeMode", get("spec.volumeMode", "<unset>"), wide=True)
COLUMNS = {
    "core.PersistentVolume": (
        NAME,
        Column("Capacity", get("spec.capacity.storage", "0")),
        Column("Access Modes", lambda item: _modes(item["spec"].get("accessModes"))),
        Column("Reclaim Policy", get("spec.persistentVolumeReclaimPolicy")),
        Column("Status", _phase),
        Column("Claim", _claim),
        CLASS,
        ATTRIBUTES,
        Column("Reason", get("status.reason")),
        AGE,
        MODE,
    ),
    "core.PersistentVolumeClaim": (
        NAME,
        Column("Status", _phase),
        Column("Volume", get("spec.volumeName")),
        Column("Capacity", lambda item: _when_bound(item, "status.capacity.storage", "0") or ""),
        Column("Access Modes", lambda item: _modes(_when_bound(item, "status.accessModes"))),  # type: ignore[arg-type]
        CLASS,
        ATTRIBUTES,
        AGE,
        MODE,
    ),
    "storage.StorageClass": (
        default_name(*DEFAULT_CLASSES),
        Column("Provisioner", get("provisioner")),
        Column("ReclaimPolicy", get("reclaimPolicy", "Delete")),
        Column("VolumeBindingMode", get("volumeBindingMode", "Immediate")),
        Column("AllowVolumeExpansion", get("allowVolumeExpansion", False)),
        AGE,
    ),
}
