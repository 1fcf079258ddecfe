"""Security contexts: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/ ."""

import re

from svcproof.json_objects import Object
from svcproof.lab.apiserver.errors import Cause, invalid, not_supported, required

PROFILES = ("Localhost", "RuntimeDefault", "Unconfined")
MOUNTS = ("Default", "Unmasked")
OWNERSHIP = ("Always", "OnRootMismatch")
LARGEST_ID = 2**31 - 1
SYSCTL = r"([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?"


def validate_container_security(context: Object, field: str) -> list[Cause]:
    """Return what is wrong with the security context of a container."""
    causes = [*_identities(context, ("runAsUser", "runAsGroup"), field), *_profile(context, field)]
    if context.get("procMount") is not None and context["procMount"] not in MOUNTS:
        causes.append(not_supported(f"{field}.procMount", context["procMount"], MOUNTS))
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
    policy = context.get("fsGroupChangePolicy")
    if policy is not None and policy not in OWNERSHIP:
        causes.append(not_supported(f"{field}.fsGroupChangePolicy", policy, OWNERSHIP))
    return [*causes, *_profile(context, field)]


def _identities(context: Object, keys: tuple[str, ...], field: str) -> list[Cause]:
    why = f"must be between 0 and {LARGEST_ID}, inclusive"
    return [
        invalid(f"{field}.{key}", context[key], why) for key in keys if not 0 <= (context.get(key) or 0) <= LARGEST_ID
    ]


def _profile(context: Object, field: str) -> list[Cause]:
    kind = (context.get("seccompProfile") or {}).get("type")
    type_field = f"{field}.seccompProfile.type"
    return [] if kind is None or kind in PROFILES else [not_supported(type_field, kind, PROFILES)]
