"""The conditions in an object's status."""

from svcproof.json_objects import Object


def holds(one: Object, condition: str) -> bool:
    """Whether a condition such as Ready is True."""
    conditions = one.get("status", {}).get("conditions") or ()
    return any(known["type"] == condition and known["status"] == "True" for known in conditions)
