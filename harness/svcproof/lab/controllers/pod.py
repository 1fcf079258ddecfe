"""The facts of a pod that controllers decide by."""

from datetime import UTC, datetime

from svcproof.json_objects import Object


def is_ready(item: Object) -> bool:
    """True if the Ready condition of a pod, or of a node, is true."""
    conditions = item.get("status", {}).get("conditions") or ()
    return any(condition["type"] == "Ready" and condition["status"] == "True" for condition in conditions)


def is_terminating(pod: Object) -> bool:
    """True if its deletion has begun."""
    return "deletionTimestamp" in pod["metadata"]


def is_over(pod: Object) -> bool:
    """True if it has run to its end: its containers will not start again."""
    return pod.get("status", {}).get("phase") in ("Succeeded", "Failed")


def is_active(pod: Object) -> bool:
    """True if it counts as a replica: neither over nor on its way out."""
    return not is_over(pod) and not is_terminating(pod)


def ready_for(pod: Object) -> float:
    """Seconds since it became ready; negative while it is not."""
    for condition in pod.get("status", {}).get("conditions") or ():
        if condition["type"] == "Ready" and condition["status"] == "True":
            since = condition.get("lastTransitionTime")
            return (datetime.now(UTC) - datetime.fromisoformat(since)).total_seconds() if since else 0.0
    return -1.0


def addresses(pod: Object) -> tuple[str, ...]:
    """Its IP addresses, one per family; empty before it has any."""
    several = tuple(entry["ip"] for entry in pod.get("status", {}).get("podIPs") or () if entry.get("ip"))
    return several or ((pod["status"]["podIP"],) if pod.get("status", {}).get("podIP") else ())
