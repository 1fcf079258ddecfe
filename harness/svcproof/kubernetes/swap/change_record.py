"""The record of a run's changes of the proxy, kept in the cluster and written before each change is made.

It is one ConfigMap of a fixed name, which also keeps two runs from changing the proxy of one cluster at a time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from svcproof.errors import Conflict, NotFound, ProvisionError
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.objects.apply import ObjectRef
from svcproof.kubernetes.objects.cluster_access import LABEL

NAMESPACE = "kube-system"
NAME = "svcproof-proxy"
RESTORE = "svcproof.dev/restore"
KEY = "record"


@dataclass(frozen=True, slots=True)
class SavedConfiguration:
    """A key of a ConfigMap, and the text it had before."""

    name: str
    namespace: str
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class RemovedDaemonSet:
    """A DaemonSet that is kept from every node, and the number of each ControllerRevision it had, by name."""

    name: str
    namespace: str
    revisions: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class HelmRelease:
    """A release of Helm."""

    name: str
    namespace: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyChanges:
    """All that one run has changed, to be put back or removed."""

    token: str
    proxy: str
    config: SavedConfiguration | None = None
    taken_off: RemovedDaemonSet | None = None
    applied: tuple[ObjectRef, ...] = ()
    release: HelmRelease | None = None
    definitions: tuple[ObjectRef, ...] = ()
    """CustomResourceDefinitions that a chart brings along."""
    script: str = ""


_ADAPTER = TypeAdapter(ProxyChanges)


class ChangeRecord:
    """The writer of one run's record, which is not in the cluster until a change is added."""

    def __init__(self, kube: Kube, token: str, proxy: str) -> None:
        self._kube = kube
        self.changes = ProxyChanges(token=token, proxy=proxy)
        self.begun = False

    def add(self, **changes: Any) -> None:
        """Record changes about to be made, by fields of ProxyChanges; raises ProvisionError if another run has some."""
        self.changes = replace(self.changes, **changes)
        data = {KEY: _ADAPTER.dump_json(self.changes, indent=1).decode()}
        if self.begun:
            self._kube.patch("ConfigMap", NAME, NAMESPACE, {"data": data})
            return
        labels = {RESTORE: "proxy", LABEL: self.changes.token}
        metadata = {"name": NAME, "namespace": NAMESPACE, "labels": labels}
        self.begun = True  # Set first: if the request fails midway, the record may be there, and must be looked for.
        try:
            self._kube.create({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data})
        except Conflict as conflict:
            self.begun = False
            raise ProvisionError(_in_use(read_changes(self._kube))) from conflict


def read_changes(kube: Kube) -> ProxyChanges | None:
    """Return the changes recorded in the cluster; raises ProvisionError if the record cannot be read."""
    try:
        text = kube.get("ConfigMap", NAME, NAMESPACE).get("data", {}).get(KEY, "")
        return _ADAPTER.validate_json(text)
    except NotFound:
        return None
    except ValidationError as error:
        raise ProvisionError(
            f"ConfigMap {NAME} in namespace {NAMESPACE} should have svcproof's record of its changes, which cannot be "
            f"read: {error}"
        ) from error


def delete_record(kube: Kube) -> None:
    """Delete the record, once everything has been put back."""
    kube.delete("ConfigMap", NAME, NAMESPACE, missing_ok=True)


def _in_use(other: ProxyChanges | None) -> str:
    run = f"run {other.token}, to test {other.proxy}" if other else "another run that is just ending"
    return (
        f"the proxy of this cluster has been changed by {run} (ConfigMap {NAME} in namespace {NAMESPACE}): "
        "wait for that run, or, if it was killed, have it put back with: svcproof clean"
    )
