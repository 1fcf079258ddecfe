"""The kubeconfig files of the user: found, read, and merged as kubectl does.

https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from svcproof.errors import UsageError
from svcproof.yaml_reading import MANIFEST, Unsound, parse, read_text

FILES = {
    "cluster": ("certificate-authority",),
    "user": ("client-certificate", "client-key", "tokenFile"),
}
"""The keys of a cluster and a user that name files."""


def kubeconfig_files(path: str, environment: Mapping[str, str]) -> tuple[Path, ...]:
    """The file that is declared, or those of KUBECONFIG, or else the user's usual one."""
    if path:
        return (Path(path),)
    files = [Path(word).expanduser() for word in environment.get("KUBECONFIG", "").split(os.pathsep) if word]
    return tuple(files) or (Path.home() / ".kube" / "config",)


def merged(files: Sequence[Path]) -> dict[str, Any]:
    """The files as one: the first to say something wins, and files of a list that are not there are passed over."""
    existing = [file for file in files if file.is_file()]
    if not existing:
        which = ", ".join(map(str, files))
        raise UsageError(f"there is no kubeconfig at {which}: give one with --kubeconfig, or set KUBECONFIG")
    merged: dict[str, Any] = {"contexts": [], "clusters": [], "users": []}
    for file in existing:
        content = _read(file)
        if not merged.get("current-context"):
            merged["current-context"] = content.get("current-context")
        for part in ("contexts", "clusters", "users"):
            merged[part] += [_absolute(entry, part.removesuffix("s"), file) for entry in content.get(part) or ()]
    return merged


def _read(file: Path) -> dict[str, Any]:
    name = f"the kubeconfig {file}"
    try:
        parts = parse(read_text(file, MANIFEST.size), MANIFEST)
    except Unsound as error:
        raise UsageError(error.lines(file)) from error
    content = parts[0].value if len(parts) == 1 else None
    if not isinstance(content, dict):
        raise UsageError(f"{name} is none: it is no single mapping with the lists contexts, clusters and users")
    if problems := [f"{name} is none: {what}" for what in _misshapen(content)]:
        raise UsageError(problems)
    return content


def _misshapen(content: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is not of the kind that a kubeconfig has there."""
    if not isinstance(content.get("current-context"), str | None):
        yield "its current-context is no text"
    for part in ("contexts", "clusters", "users"):
        entries = content.get(part) or []
        if not isinstance(entries, list):
            yield f"its {part} are no list"
            continue
        for index, entry in enumerate(entries):
            yield from (f"{part}.{index}: {what}" for what in _misshapen_entry(entry, part.removesuffix("s")))


def _misshapen_entry(entry: Any, part: str) -> Iterator[str]:
    inner = (entry.get(part) or {}) if isinstance(entry, dict) else None
    if not isinstance(inner, dict) or not isinstance(entry.get("name"), str | None):
        yield f"is no mapping with a name and a {part}"
        return
    for key in (*FILES.get(part, ()), "server", "cluster", "user", "namespace", "token"):
        if not isinstance(inner.get(key), str | None):
            yield f"{part}.{key} is no text"
    exec_ = inner.get("exec") or {}
    if not isinstance(exec_, dict) or not isinstance(exec_.get("command"), str | None):
        yield f"{part}.exec is no mapping with a command"


def _absolute(entry: Mapping[str, Any], part: str, file: Path) -> dict[str, Any]:
    """An entry with the paths in it, which are relative to its file, made absolute."""
    inner = dict(entry.get(part) or {})
    folder = file.absolute().parent
    for key in FILES.get(part, ()):
        if inner.get(key):
            inner[key] = str(folder / inner[key])
    exec_ = inner.get("exec")
    if part == "user" and exec_ and "/" in exec_.get("command", ""):
        inner["exec"] = {**exec_, "command": str(folder / exec_["command"])}
    return {**entry, part: inner}
