"""ConfigMaps and Secrets."""

import base64
import json

from svcproof.json_objects import Object
from svcproof.lab.apiserver import names
from svcproof.lab.apiserver.errors import Cause, forbidden, invalid, required, too_long

MOST_BYTES = 1024 * 1024
NEEDED = {
    "kubernetes.io/tls": ("tls.crt", "tls.key"),
    "kubernetes.io/dockercfg": (".dockercfg",),
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
    "kubernetes.io/ssh-auth": ("ssh-privatekey",),
}
"""Keys that a Secret of some type must have."""
BASIC = ("username", "password")
ACCOUNT = "kubernetes.io/service-account.name"


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


def validate_secret(item: Object) -> list[Cause]:
    """Return what is wrong with a Secret: each type has its keys.

    https://kubernetes.io/docs/concepts/configuration/secret/#secret-types
    """
    data, kind, causes = item.get("data") or {}, item["type"], validate_data(item)
    causes += [required(f"data[{key}]") for key in NEEDED.get(kind, ()) if key not in data]
    if kind == "kubernetes.io/service-account-token" and not (item["metadata"].get("annotations") or {}).get(ACCOUNT):
        causes.append(required(f"metadata.annotations[{ACCOUNT}]"))
    if kind == "kubernetes.io/basic-auth" and not set(BASIC) & set(data):
        causes += [required(f"data[{key}]") for key in BASIC]
    if "docker" in kind:
        why, unreadable = "invalid character looking for beginning of value", "<secret contents redacted>"
        keys = (key for key in NEEDED.get(kind, ()) if key in data and not _is_json(data[key]))
        causes += [invalid(f"data[{key}]", unreadable, why) for key in keys]
    return causes


def validate_secret_update(item: Object, old: Object) -> list[Cause]:
    """Return what is wrong with a change: a Secret keeps its type."""
    causes = [*validate_data_update(item, old), *validate_secret(item)]
    if item["type"] != old["type"]:
        causes.append(invalid("type", item["type"], "field is immutable"))
    return list(dict.fromkeys(causes))


def _is_json(encoded: str) -> bool:
    try:
        json.loads(base64.b64decode(encoded))
    except ValueError:
        return False
    return True
