"""The options of a write, read from the query and, for deletions, from the body."""

from collections.abc import Mapping
from dataclasses import dataclass

from svcproof.json_objects import Object
from svcproof.lab.apiserver.errors import Cause, bad_request, not_supported, unprocessable
from svcproof.lab.apiserver.schema.strict import type_errors
from svcproof.lab.apiserver.target import number


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOptions:
    """`validation` is Strict, Warn or Ignore, for unknown fields."""

    dry_run: bool = False
    validation: str = "Warn"
    manager: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteOptions:
    """`grace` in seconds, None for the kind's own; `policy` Background, Foreground, Orphan or empty."""

    dry_run: bool = False
    grace: int | None = None
    policy: str = ""
    uid: str = ""
    version: str = ""


def write_options(query: Mapping[str, str]) -> WriteOptions:
    """Read the options of a create, update or patch; raises ApiError 422."""
    validation = query.get("fieldValidation") or "Warn"
    causes = list[Cause]()
    if query.get("dryRun", "All") not in {"", "All"}:
        causes.append(not_supported("dryRun", [query["dryRun"]], ("All",)))
    if validation not in {"Strict", "Warn", "Ignore"}:
        causes.append(not_supported("fieldValidation", validation, ("", "Ignore", "Strict", "Warn")))
    if causes:
        raise unprocessable("CreateOptions", "meta.k8s.io", "", causes)
    return WriteOptions(
        dry_run=query.get("dryRun") == "All",
        validation=validation,
        manager=query.get("fieldManager", ""),
    )


def delete_options(query: Mapping[str, str], body: Object) -> DeleteOptions:
    """Read the options of a deletion; the body has precedence over the query; raises ApiError 400."""
    for problem in type_errors("meta.DeleteOptions", body):
        raise bad_request(problem)
    grace = body.get("gracePeriodSeconds")
    if grace is None and query.get("gracePeriodSeconds"):
        grace = number(query, "gracePeriodSeconds")
    preconditions = body.get("preconditions") or {}
    orphan = body.get("orphanDependents")
    policy = body.get("propagationPolicy") or query.get("propagationPolicy") or ""
    if orphan is not None and not policy:
        policy = "Orphan" if orphan else "Background"
    return DeleteOptions(
        dry_run="All" in (body.get("dryRun") or [query.get("dryRun")]),
        grace=grace,
        policy=policy,
        uid=preconditions.get("uid") or "",
        version=preconditions.get("resourceVersion") or "",
    )
