"""The kubeconfig of a run: a private copy of the one context it uses, made of what the user has.

https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from svcproof.disk import write_private
from svcproof.errors import UsageError, near
from svcproof.kubernetes.cluster import plugin
from svcproof.yaml_reading import MANIFEST, Unsound, parse, read_text

MOUNTED = Path("/var/run/secrets/kubernetes.io/serviceaccount")
"""Where a pod has the token of its account. https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/."""
FILES = {
    "cluster": ("certificate-authority",),
    "user": ("client-certificate", "client-key", "tokenFile"),
}
"""The keys of a cluster and a user that name files."""


def copied(path: str, context: str, environment: Mapping[str, str], to: Path) -> Path:
    """Write the copy, for this user alone, into the directory `to`, and return it.

    `path` and `context` are what the declaration says; where both are empty, inside a pod, its own account is used.
    Raises UsageError where the kubeconfig is not there, cannot be read, or names what is not there, ProvisionError
    where a program that it names gives no credentials.
    """
    files = _files(path, environment)
    if not path and not any(one.is_file() for one in files) and (MOUNTED / "token").is_file():
        chosen = in_cluster(environment, MOUNTED)
    else:
        chosen = minimal(_merged(files), context, ", ".join(map(str, files)))
    if absent := next(_absent(chosen), ""):
        raise UsageError(f"the context {chosen['current-context']!r} needs {absent}, and there is no such file")
    if exec_ := (chosen["users"][0].get("user") or {}).get("exec"):
        plugin.check(exec_, chosen["current-context"])
    copy = to / "kubeconfig"
    write_private(copy, yaml.safe_dump(chosen), durable=True)
    return copy


def minimal(whole: Mapping[str, Any], context: str, named: str) -> dict[str, Any]:
    """What one context needs; `named` is what the kubeconfig is called in errors. Raises UsageError."""
    contexts = _by_name(whole, "contexts")
    wanted = context or whole.get("current-context") or ""
    if not wanted:
        raise UsageError(f"the kubeconfig {named} has no current-context: give one with --context{near('', contexts)}")
    if wanted not in contexts:
        raise UsageError(f"the kubeconfig {named} has no context {wanted!r}{near(wanted, contexts)}")
    parts = contexts[wanted].get("context") or {}
    kept: dict[str, Any] = {"apiVersion": "v1", "kind": "Config", "current-context": wanted}
    kept["contexts"] = [{"name": wanted, "context": parts}]
    for part in ("cluster", "user"):
        known = _by_name(whole, f"{part}s")
        if (name := parts.get(part)) not in known:
            said = f"names the {part} {name!r}, which is not in it" if name else f"names no {part}"
            raise UsageError(f"the context {wanted!r} of the kubeconfig {named} {said}{near(name or '', known)}")
        kept[f"{part}s"] = [known[name]]
    return kept


def in_cluster(environment: Mapping[str, str], mounted: Path) -> dict[str, Any]:
    """What a pod reaches the API server of its own cluster with."""
    host, port = environment.get("KUBERNETES_SERVICE_HOST", ""), environment.get("KUBERNETES_SERVICE_PORT", "443")
    server = f"https://[{host}]:{port}" if ":" in host else f"https://{host}:{port}"
    cluster = {"server": server, "certificate-authority": str(mounted / "ca.crt")}
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "pod",
        "contexts": [{"name": "pod", "context": {"cluster": "pod", "user": "pod"}}],
        "clusters": [{"name": "pod", "cluster": cluster}],
        "users": [{"name": "pod", "user": {"tokenFile": str(mounted / "token")}}],
    }


def _files(path: str, environment: Mapping[str, str]) -> tuple[Path, ...]:
    if path:
        return (Path(path),)
    listed = [Path(one).expanduser() for one in environment.get("KUBECONFIG", "").split(os.pathsep) if one]
    return tuple(listed) or (Path.home() / ".kube" / "config",)


def _merged(files: Sequence[Path]) -> dict[str, Any]:
    """The files as one: the first to say something wins, and files of a list that are not there are passed over."""
    there = [file for file in files if file.is_file()]
    if not there:
        which = ", ".join(map(str, files))
        raise UsageError(f"there is no kubeconfig at {which}: give one with --kubeconfig, or set KUBECONFIG")
    merged: dict[str, Any] = {"contexts": [], "clusters": [], "users": []}
    for file in there:
        found = _read(file)
        if not merged.get("current-context"):
            merged["current-context"] = found.get("current-context")
        for part in ("contexts", "clusters", "users"):
            merged[part] += [_absolute(one, part.removesuffix("s"), file) for one in found.get(part) or ()]
    return merged


def _read(file: Path) -> dict[str, Any]:
    name = f"the kubeconfig {file}"
    try:
        parts = parse(read_text(file, MANIFEST.size), MANIFEST)
    except Unsound as error:
        raise UsageError(error.lines(file)) from error
    found = parts[0].value if len(parts) == 1 else None
    if not isinstance(found, dict):
        raise UsageError(f"{name} is none: it is no single mapping with the lists contexts, clusters and users")
    if problems := [f"{name} is none: {what}" for what in _misshapen(found)]:
        raise UsageError(problems)
    return found


def _misshapen(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is not of the kind that a kubeconfig has there."""
    if not isinstance(found.get("current-context"), str | None):
        yield "its current-context is no text"
    for part in ("contexts", "clusters", "users"):
        entries = found.get(part) or []
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


def _absent(chosen: Mapping[str, Any]) -> Iterator[str]:
    """The files it names that are not there, each with its key."""
    for part, keys in FILES.items():
        named = chosen[f"{part}s"][0].get(part) or {}
        yield from (f"{key} {named[key]}" for key in keys if named.get(key) and not Path(named[key]).is_file())


def _by_name(whole: Mapping[str, Any], part: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in whole.get(part) or ():
        found.setdefault(one.get("name", ""), one)
    return found
