"""Claims of storage: https://kubernetes.io/docs/concepts/storage/persistent-volumes/ ."""

from svcproof.json_objects import Object
from svcproof.lab.apiserver import names
from svcproof.lab.apiserver.errors import Cause, forbidden, invalid, not_supported, required
from svcproof.lab.apiserver.validation.label_selector import validate_selector
from svcproof.lab.quantities import amount_of

ACCESS = ("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod")
MODES = ("Block", "Filesystem")
NO_KINDS = frozenset({"capacity", "claimRef", "nodeAffinity"})
"""Parts of a volume that do not say of which kind it is."""
RECLAIM = ("Delete", "Recycle", "Retain")


def validate_claim(item: Object) -> list[Cause]:
    """Return what is wrong with a PersistentVolumeClaim."""
    return validate_claim_spec(item["spec"], "spec")


def validate_claim_update(item: Object, old: Object) -> list[Cause]:
    """Return what is wrong with a change: a claim may be given a volume, and ask for more."""
    spec, old_spec = item["spec"], old["spec"]
    free = set[str]() if old_spec.get("volumeName") else {"volumeName"}
    if (item.get("status") or {}).get("phase") == "Bound":
        free |= {"resources", "volumeAttributesClassName"}
    causes = validate_claim(item)
    if any(spec.get(key) != old_spec.get(key) for key in {*spec, *old_spec} - free):
        why = (
            "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"
        )
        causes.append(forbidden("spec", f"{why}\n"))
    return causes


def validate_claim_spec(spec: Object, field: str) -> list[Cause]:
    """Return what is wrong with the spec of a claim, or of a template of claims."""
    modes, causes = spec.get("accessModes") or [], list[Cause]()
    if not modes:
        causes.append(required(f"{field}.accessModes", "at least 1 access mode is required"))
    if spec.get("selector") is not None:
        causes += validate_selector(spec["selector"], f"{field}.selector")
    causes += _access(modes, field)
    requested = (spec["resources"].get("requests") or {}).get("storage")
    if requested is None:
        causes.append(required(f"{field}.resources[storage]"))
    elif amount_of(requested) <= 0:
        causes.append(invalid(f"{field}.resources[storage]", requested, "must be greater than zero"))
    if spec.get("storageClassName"):
        causes += names.check(names.dns_subdomain, spec["storageClassName"], f"{field}.storageClassName")
    return [*causes, *names.check_choice(MODES, spec.get("volumeMode"), f"{field}.volumeMode")]


def validate_volume(item: Object) -> list[Cause]:
    """Return what is wrong with a PersistentVolume."""
    spec = item["spec"]
    capacity = spec.get("capacity") or {}
    causes = [*names.missing(spec, ("accessModes",), "spec"), *_access(spec.get("accessModes") or [], "spec")]
    causes += names.missing(spec, ("capacity",), "spec")
    if set(capacity) != {"storage"}:
        causes.append(not_supported("spec.capacity", capacity or None, ("storage",)))
    elif amount_of(capacity["storage"]) <= 0:
        causes.append(invalid("spec.capacity[storage]", capacity["storage"], "must be greater than zero"))
    policy = spec["persistentVolumeReclaimPolicy"]
    causes += names.check_choice(RECLAIM, policy, "spec.persistentVolumeReclaimPolicy")
    kinds = sorted(key for key, value in spec.items() if isinstance(value, dict) and key not in NO_KINDS)
    if not kinds:
        causes.append(required("spec", "must specify a volume type"))
    causes += [forbidden(f"spec.{key}", "may not specify more than 1 volume type") for key in kinds[1:]]
    if spec.get("storageClassName"):
        causes += names.check(names.dns_subdomain, spec["storageClassName"], "spec.storageClassName")
    return [*causes, *names.check_choice(MODES, spec.get("volumeMode"), "spec.volumeMode")]


def _access(modes: list[str], field: str) -> list[Cause]:
    causes = [not_supported(f"{field}.accessModes", mode, ACCESS) for mode in modes if mode not in ACCESS]
    if "ReadWriteOncePod" in modes and len(set(modes) & set(ACCESS)) > 1:
        causes.append(forbidden(f"{field}.accessModes", "may not use ReadWriteOncePod with other access modes"))
    return causes
