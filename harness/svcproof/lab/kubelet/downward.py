"""The downward API: what a pod can ask about itself.

https://kubernetes.io/docs/concepts/workloads/pods/downward-api/
"""

import json
import math
import re
from collections.abc import Callable
from typing import Any

from svcproof.json_objects import Object

_KEYED = re.compile(r"metadata\.(labels|annotations)\['(.+)'\]")
_UNITS = {"m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "": 1.0}
_FIELDS: dict[str, Callable[[Object], str]] = {
    "metadata.name": lambda pod: str(pod["metadata"]["name"]),
    "metadata.namespace": lambda pod: str(pod["metadata"]["namespace"]),
    "metadata.uid": lambda pod: str(pod["metadata"]["uid"]),
    "metadata.labels": lambda pod: _lines(pod["metadata"].get("labels", {})),
    "metadata.annotations": lambda pod: _lines(pod["metadata"].get("annotations", {})),
    "spec.nodeName": lambda pod: str(pod["spec"]["nodeName"]),
    "spec.serviceAccountName": lambda pod: str(pod["spec"].get("serviceAccountName", "default")),
    "status.hostIP": lambda pod: str(pod["status"].get("hostIP", "")),
    "status.hostIPs": lambda pod: _joined(pod["status"].get("hostIPs", ())),
    "status.podIP": lambda pod: str(pod["status"].get("podIP", "")),
    "status.podIPs": lambda pod: _joined(pod["status"].get("podIPs", ())),
}


def field(pod: Object, path: str) -> str:
    """The value of a field path; empty where a label or annotation is not there."""
    if keyed := _KEYED.fullmatch(path):
        return str(pod["metadata"].get(keyed[1], {}).get(keyed[2], ""))
    return _FIELDS[path](pod)


def resource(container: Object, reference: dict[str, Any]) -> str:
    """The value of a resourceFieldRef, in units of its divisor, rounded up; 0 where nothing is declared."""
    kind, _, name = reference["resource"].partition(".")
    declared = container.get("resources", {}).get(kind, {}).get(name, "0")
    divisor = _quantity(reference.get("divisor", "1")) or 1.0
    return str(math.ceil(_quantity(declared) / divisor))


def _quantity(text: object) -> float:
    quantity = re.fullmatch(r"([\d.]+)([A-Za-z]*)", str(text))
    return float(quantity[1]) * _UNITS.get(quantity[2], 1.0) if quantity else 0.0


def _lines(pairs: dict[str, str]) -> str:
    return "\n".join(f"{key}={json.dumps(value)}" for key, value in sorted(pairs.items()))


def _joined(addresses: Any) -> str:
    return ",".join(entry["ip"] for entry in addresses)
