"""Strategies by which workloads exchange their pods."""

import re

from svcproof.json_objects import Object
from svcproof.lab.apiserver import names
from svcproof.lab.apiserver.errors import Cause, forbidden, invalid, not_supported, required

DEPLOYMENT = ("Recreate", "RollingUpdate")
DAEMON_SET = ("RollingUpdate", "OnDelete")
RETENTION = ("Retain", "Delete")
PERCENT_RULE = (
    "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', "
    "regex used for validation is '[0-9]+%')"
)


def validate_deployment_rollout(strategy: Object) -> list[Cause]:
    """Return what is wrong with the strategy of a Deployment."""
    field, rolling = "spec.strategy.rollingUpdate", strategy.get("rollingUpdate") or {}
    if strategy["type"] not in DEPLOYMENT:
        return [not_supported("spec.strategy", _with_field_names(strategy), DEPLOYMENT)]
    if strategy["type"] == "Recreate":
        why = "may not be specified when strategy `type` is 'Recreate'"
        return [forbidden(field, why)] if rolling else []
    unavailable, surge = rolling["maxUnavailable"], rolling["maxSurge"]
    causes = [*amount(unavailable, f"{field}.maxUnavailable"), *amount(surge, f"{field}.maxSurge")]
    if _is_zero(unavailable) and _is_zero(surge):
        causes.append(invalid(f"{field}.maxUnavailable", unavailable, "may not be 0 when `maxSurge` is 0"))
    return [*causes, *no_more_than_all(unavailable, f"{field}.maxUnavailable")]


def validate_deadline(spec: Object) -> list[Cause]:
    """Return what is wrong with the time that a Deployment gives a rollout."""
    seconds, field = spec.get("progressDeadlineSeconds"), "spec.progressDeadlineSeconds"
    if seconds is None:
        return []
    late = seconds <= (spec.get("minReadySeconds") or 0)
    causes = names.check(names.non_negative, seconds, field)
    return [*causes, *([invalid(field, seconds, "must be greater than minReadySeconds")] if late else [])]


def validate_daemon_rollout(strategy: Object) -> list[Cause]:
    """Return what is wrong with the strategy of a DaemonSet."""
    field, rolling = "spec.updateStrategy.rollingUpdate", strategy.get("rollingUpdate")
    if strategy["type"] not in DAEMON_SET:
        return [not_supported("spec.updateStrategy", _with_field_names(strategy), DAEMON_SET)]
    if strategy["type"] == "OnDelete" or rolling is None:
        return []
    unavailable, surge = rolling["maxUnavailable"], rolling["maxSurge"]
    causes: list[Cause] = []
    for rule in (amount, no_more_than_all):
        causes += [*rule(unavailable, f"{field}.maxUnavailable"), *rule(surge, f"{field}.maxSurge")]
    if not _is_zero(unavailable) and not _is_zero(surge):
        causes.append(invalid(f"{field}.maxSurge", surge, "may not be set when maxUnavailable is non-zero"))
    elif _is_zero(unavailable) and _is_zero(surge):
        causes.append(required(f"{field}.maxUnavailable", "cannot be 0 when maxSurge is 0"))
    return causes


def validate_stateful_rollout(spec: Object) -> list[Cause]:
    """Return what is wrong with the strategy of a StatefulSet, and with its policy for claims."""
    strategy, causes = spec["updateStrategy"], list[Cause]()
    management, field = spec["podManagementPolicy"], "spec.updateStrategy"
    rolling = strategy.get("rollingUpdate") or {}
    if management not in {"OrderedReady", "Parallel"}:
        causes.append(invalid("spec.podManagementPolicy", management, "must be 'OrderedReady' or 'Parallel'"))
    if strategy["type"] not in {"OnDelete", "RollingUpdate"}:
        causes.append(invalid(field, _with_field_names(strategy), "must be 'RollingUpdate' or 'OnDelete'"))
    elif strategy["type"] == "OnDelete" and rolling:
        shown = {"Partition": rolling.get("partition", 0), "MaxUnavailable": rolling.get("maxUnavailable")}
        causes.append(invalid(f"{field}.rollingUpdate", shown, "only allowed for updateStrategy 'RollingUpdate'"))
    else:
        causes += names.check(names.non_negative, rolling.get("partition", 0), f"{field}.rollingUpdate.partition")
    for key, policy in (spec.get("persistentVolumeClaimRetentionPolicy") or {}).items():
        causes += names.check_choice(RETENTION, policy, f"spec.persistentVolumeClaimRetentionPolicy.{key}")
    return causes


def amount(value: int | str, field: str) -> list[Cause]:
    """Return what is wrong with a number of pods, or a share of them in per cent."""
    if isinstance(value, int):
        return names.check(names.non_negative, value, field)
    return [] if re.fullmatch(r"[0-9]+%", value) else [invalid(field, value, PERCENT_RULE)]


def no_more_than_all(value: int | str, field: str) -> list[Cause]:
    """Return a cause for a share of more than 100 per cent."""
    share = re.fullmatch(r"([0-9]+)%", str(value))
    return [invalid(field, value, "must not be greater than 100%")] if share and int(share[1]) > 100 else []


def _with_field_names(strategy: Object) -> Object:
    """A strategy under the names that a real server gives its fields."""
    return {"Type": strategy["type"], "RollingUpdate": strategy.get("rollingUpdate")}


def _is_zero(value: int | str) -> bool:
    return str(value) in {"0", "0%"}
