"""What containers ask of a node, and what they may have of it at most.

https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
"""

from svcproof.json_objects import Object
from svcproof.lab.apiserver import names
from svcproof.lab.apiserver.errors import Cause, invalid
from svcproof.lab.quantities import amount_of

STANDARD = frozenset({"cpu", "memory", "ephemeral-storage"})
PREFIXES = ("hugepages-", "requests.", "limits.")


def validate_resources(resources: Object, field: str) -> list[Cause]:
    """Return what is wrong with requests and limits."""
    limits, requests = resources.get("limits") or {}, resources.get("requests") or {}
    causes: list[Cause] = []
    for key, amounts in (("limits", limits), ("requests", requests)):
        for name, quantity in amounts.items():
            here = f"{field}.{key}[{name}]"
            causes += _name(name, here)
            if amount_of(quantity) < 0:
                causes.append(invalid(here, quantity, "must be greater than or equal to 0"))
            if key == "requests" and name in limits and amount_of(quantity) > amount_of(limits[name]):
                why = f"must be less than or equal to {name} limit of {limits[name]}"
                causes.append(invalid(f"{field}.requests", quantity, why))
    return causes


def _name(name: str, field: str) -> list[Cause]:
    causes = names.check(names.qualified_name, name, field)
    if "/" in name or name in STANDARD or name.startswith(PREFIXES):
        return causes
    if name != "storage":
        causes.append(invalid(field, name, "must be a standard resource type or fully qualified"))
    return [*causes, invalid(field, name, "must be a standard resource for containers")]
