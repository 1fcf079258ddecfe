"""ConfigMaps and Secrets."""

from harness.lab.apiserver.errors import Cause, forbidden, invalid, too_long
from harness.lab.apiserver.validation import names
from harness.model.cluster import Object

MOST_BYTES = 1024 * 1024


def validate_data(item: Object) -> list[Cause]:
    """Return what is wrong with the keys and the size."""
    causes: list[Cause] = []
    data, binary = item.get("data") or {}, item.get("binaryData") or {}
    for kind, entries in (("data", data), ("binaryData", binary)):
        for key in sorted(entries):
            causes += names.check(names.config_key, key, f"{kind}[{key}]")
            if kind == "binaryData" and key in data:
                causes.append(invalid(f"binaryData[{key}]", key, "duplicate of key present in data"))
    if sum(len(value) for value in (*data.values(), *binary.values())) > MOST_BYTES:
        causes.append(too_long("", MOST_BYTES))
    return causes


def validate_data_update(item: Object, old: Object) -> list[Cause]:
    """Return what is wrong with a change: nothing of an immutable one may change."""
    causes = validate_data(item)
    if old.get("immutable"):
        for key in ("immutable", "data", "binaryData"):
            if item.get(key) != old.get(key):
                causes.append(forbidden(key, "field is immutable when `immutable` is set"))
    return causes
