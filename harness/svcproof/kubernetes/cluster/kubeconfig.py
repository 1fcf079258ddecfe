"""The kubeconfig of a run: a private copy of the one context it uses, made of what the user has.

https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
"""

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from svcproof.commands import Command, CommandError
from svcproof.disk import write_private
from svcproof.errors import ProvisionError, UsageError, near
from svcproof.kubernetes.api.credentials import exec_environment
from svcproof.kubernetes.cluster.kubeconfig_files import FILES, kubeconfig_files, merged
from svcproof.limits import Request

MOUNTED = Path("/var/run/secrets/kubernetes.io/serviceaccount")
"""The directory with the token of a pod's account. https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/."""


def copied(path: str, context: str, environment: Mapping[str, str], to: Path) -> Path:
    """Write the copy, for this user alone, into the directory `to`, and return it.

    `path` and `context` are what the declaration says; where both are empty, inside a pod, its own account is used.
    Raises UsageError where the kubeconfig is not there, cannot be read, or names what is not there, ProvisionError
    where a program that it names gives no credentials.
    """
    files = kubeconfig_files(path, environment)
    if not path and not any(file.is_file() for file in files) and (MOUNTED / "token").is_file():
        chosen = in_cluster(environment, MOUNTED)
    else:
        chosen = minimal(merged(files), context, ", ".join(map(str, files)))
    if absent := next(_absent(chosen), ""):
        raise UsageError(f"the context {chosen['current-context']!r} needs {absent}, and there is no such file")
    if exec_ := (chosen["users"][0].get("user") or {}).get("exec"):
        _check_credentials(exec_, chosen["current-context"])
    copy = to / "kubeconfig"
    write_private(copy, yaml.safe_dump(chosen), durable=True)
    return copy


def minimal(whole: Mapping[str, Any], context: str, named: str) -> dict[str, Any]:
    """The parts that one context needs; errors call the kubeconfig `named`. Raises UsageError."""
    contexts = _by_name(whole, "contexts")
    chosen = context or whole.get("current-context") or ""
    if not chosen:
        raise UsageError(f"the kubeconfig {named} has no current-context: give one with --context{near('', contexts)}")
    if chosen not in contexts:
        raise UsageError(f"the kubeconfig {named} has no context {chosen!r}{near(chosen, contexts)}")
    parts = contexts[chosen].get("context") or {}
    kept: dict[str, Any] = {"apiVersion": "v1", "kind": "Config", "current-context": chosen}
    kept["contexts"] = [{"name": chosen, "context": parts}]
    for part in ("cluster", "user"):
        known = _by_name(whole, f"{part}s")
        if (name := parts.get(part)) not in known:
            problem = f"names the {part} {name!r}, which is not in it" if name else f"names no {part}"
            raise UsageError(f"the context {chosen!r} of the kubeconfig {named} {problem}{near(name or '', known)}")
        kept[f"{part}s"] = [known[name]]
    return kept


def in_cluster(environment: Mapping[str, str], mounted: Path) -> dict[str, Any]:
    """The kubeconfig by which a pod reaches the API server of its own cluster."""
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


def _absent(chosen: Mapping[str, Any]) -> Iterator[str]:
    """The files it names that are not there, each with its key."""
    for part, keys in FILES.items():
        named = chosen[f"{part}s"][0].get(part) or {}
        yield from (f"{key} {named[key]}" for key in keys if named.get(key) and not Path(named[key]).is_file())


def _by_name(whole: Mapping[str, Any], part: str) -> dict[str, Any]:
    items: dict[str, Any] = {}
    for item in whole.get(part) or ():
        items.setdefault(item.get("name", ""), item)
    return items


def _check_credentials(exec_: Mapping[str, Any], context: str) -> None:
    """Have it give a token, once; raises UsageError where it is not there, ProvisionError where it gives none."""
    command = exec_.get("command", "")
    whose = f"the credentials of the kubeconfig's context {context!r} come from the program {command!r}"
    if not shutil.which(command):
        hint = " ".join(exec_.get("installHint", "").split()) or "Install it, or put it on PATH."
        raise UsageError(f"{whose}, which is not there. {hint}")
    configured = {variable["name"]: variable["value"] for variable in exec_.get("env") or ()}
    variables = {**configured, **exec_environment(exec_.get("apiVersion", ""))}
    try:
        printed = Command(
            (command, *(exec_.get("args") or ())), Request.CREDENTIALS, variables=variables, confidential=True
        ).output()
    except CommandError as error:
        raise ProvisionError(f"{whose}, and it did not give any; log in again. {error}") from error
    if not _token(printed):
        raise ProvisionError(f"{whose}, and it gave no token: of such programs, svcproof can use those that do")


def _token(output: str) -> str:
    try:
        token = json.loads(output).get("status", {}).get("token")
    except (ValueError, AttributeError):
        return ""
    return str(token or "")
