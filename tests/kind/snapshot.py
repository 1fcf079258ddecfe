"""Every object of every API resource of a cluster, as far as a run could change it: to be compared before and after."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import yaml

from svcproof.kubernetes.api import Kube
from svcproof.wait import provisioned

Snapshot = dict[str, dict[str, Any]]
PASSING = {"componentstatuses", "events", "leases"}
"""Resources that come and go without anybody's doing."""
OF_SERVERS = {"managedFields", "resourceVersion", "generation"}
"""Keys of metadata that tell of changes, not of what there is."""


def snapshot(kubeconfig: Path) -> Snapshot:
    """Resource, namespace and name to the object, without its status."""
    with closing(Kube(kubeconfig)) as kube:
        return {name: one for path in _paths(kube) for name, one in _objects(kube, path)}


def at_rest(kubeconfig: Path) -> None:
    """Wait until a cluster that was just made has all its pods, and nothing has changed for some seconds."""
    seen: list[Snapshot] = [{}]

    def look() -> list[str]:
        with closing(Kube(kubeconfig)) as kube:
            pods = kube.list("Pod")
        seen.append(snapshot(kubeconfig))
        waiting = [f"waiting: {one['metadata']['name']}" for one in pods if not _is_ready(one)]
        return waiting + differences(seen[-2], seen[-1])

    provisioned("the cluster at rest", look, lambda found: not found, within=120, every=5.0)


def _is_ready(pod: dict[str, Any]) -> bool:
    conditions = pod["status"].get("conditions") or ()
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


def differences(before: Snapshot, after: Snapshot) -> list[str]:
    """What is gone, new or changed, a line each, with both versions; empty where both are equal."""
    gone = [f"gone: {name}" for name in sorted(before.keys() - after.keys())]
    new = [f"new: {name}" for name in sorted(after.keys() - before.keys())]
    changed = sorted(name for name in before.keys() & after.keys() if before[name] != after[name])
    shown = [f"changed: {name}\n{yaml.safe_dump(before[name])}---\n{yaml.safe_dump(after[name])}" for name in changed]
    return [*gone, *new, *shown]


def _paths(kube: Kube) -> Iterator[str]:
    """The path of every resource that can be listed, in the version its group prefers."""
    groups = (one["preferredVersion"]["groupVersion"] for one in _read(kube, "/apis")["groups"])
    for root in ("/api/v1", *(f"/apis/{version}" for version in groups)):
        for one in _read(kube, root)["resources"]:
            if "list" in one["verbs"] and one["name"] not in PASSING:
                yield f"{root}/{one['name']}"


def _objects(kube: Kube, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for one in _read(kube, path)["items"]:
        metadata = {key: value for key, value in one["metadata"].items() if key not in OF_SERVERS}
        plain = {key: value for key, value in one.items() if key != "status"} | {"metadata": metadata}
        yield f"{path} {metadata.get('namespace', '')}/{metadata['name']}", plain


def _read(kube: Kube, path: str) -> dict[str, Any]:
    code, said = kube.fetch(path, 15.0)
    assert code == 200, said
    return dict(json.loads(said))
