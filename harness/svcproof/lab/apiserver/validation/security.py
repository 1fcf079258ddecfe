"""Security contexts: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/ ."""

import re

from svcproof.json_objects import Object
from svcproof.lab.apiserver import names
from svcproof.lab.apiserver.errors import Cause, invalid, required

PROFILES = ("Localhost", "RuntimeDefault", "Unconfined")
MOUNTS = ("Default", "Unmasked")
OWNERSHIP = ("Always", "OnRootMismatch")
LARGEST_ID = 2**31 - 1
SYSCTL = r"([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?"


def validate_container_security(context: Object, field: str) -> list[Cause]:
    """Return what is wrong with the security context of a container."""
    causes = [*_identities(context, ("runAsUser", "runAsGroup"), field), *_profile(context, field)]
    causes += names.check_choice(MOUNTS, context.get("procMount"), f"{field}.procMount")
    if context.get("privileged") and context.get("allowPrivilegeEscalation") is False:
        why = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"
        causes.append(invalid(field, context, why))
    return causes


def validate_pod_security(context: Object, field: str) -> list[Cause]:
    """Return what is wrong with the security context of a pod."""
    causes = _identities(context, ("fsGroup", "runAsUser", "runAsGroup"), field)
    for index, sysctl in enumerate(context.get("sysctls") or []):
        name_field, name = f"{field}.sysctls[{index}].name", sysctl["name"]
        if not name:
            causes.append(required(name_field))
        elif not re.fullmatch(SYSCTL, name):
            causes.append(invalid(name_field, name, f"must have at most 253 characters and match regex ^{SYSCTL}$"))
    causes += names.check_choice(OWNERSHIP, context.get("fsGroupChangePolicy"), f"{field}.fsGroupChangePolicy")
    return [*causes, *_profile(context, field)]


def _identities(context: Object, keys: tuple[str, ...], field: str) -> list[Cause]:
    why = f"must be between 0 and {LARGEST_ID}, inclusive"
    return [
        invalid(f"{field}.{key}", context[key], why) for key in keys if not 0 <= (context.get(key) or 0) <= LARGEST_ID
    ]


def _profile(context: Object, field: str) -> list[Cause]:
    kind = (context.get("seccompProfile") or {}).get("type")
    return names.check_choice(PROFILES, kind, f"{field}.seccompProfile.type")
