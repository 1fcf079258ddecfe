"""What was changed in a cluster, recorded in the cluster itself before it is changed.

One ConfigMap of a fixed name: it also keeps two runs from changing the proxy of one cluster at a time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from svcproof.errors import Conflict, NotFound, ProvisionError
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.objects.apply import Ref
from svcproof.kubernetes.objects.labels import LABEL

NAMESPACE = "kube-system"
NAME = "svcproof-proxy"
RESTORE = "svcproof.dev/restore"
KEY = "record"


@dataclass(frozen=True, slots=True)
class Config:
    """A key of a ConfigMap and the text that was there."""

    name: str
    namespace: str
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class TakenOff:
    """A DaemonSet that has been kept from every node, and the ControllerRevisions it had, name to number."""

    name: str
    namespace: str
    revisions: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Release:
    """A Helm release."""

    name: str
    namespace: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """All that is to be put back, or removed, of one run."""

    token: str
    proxy: str
    config: Config | None = None
    taken_off: TakenOff | None = None
    applied: tuple[Ref, ...] = ()
    release: Release | None = None
    definitions: tuple[Ref, ...] = ()
    """CustomResourceDefinitions that a chart brings along."""
    script: str = ""


_ADAPTER = TypeAdapter(Record)


class Journal:
    """Writes the record of one run, which is not in the cluster until something is noted."""

    def __init__(self, kube: Kube, token: str, proxy: str) -> None:
        self._kube = kube
        self.record = Record(token=token, proxy=proxy)
        self.begun = False

    def note(self, **changes: Any) -> None:
        """Record what is about to be changed, by fields of Record; raises ProvisionError where another run has."""
        self.record = replace(self.record, **changes)
        data = {KEY: _ADAPTER.dump_json(self.record, indent=1).decode()}
        if self.begun:
            self._kube.patch("ConfigMap", NAME, NAMESPACE, {"data": data})
            return
        labels = {RESTORE: "proxy", LABEL: self.record.token}
        metadata = {"name": NAME, "namespace": NAMESPACE, "labels": labels}
        self.begun = True  # Before it is: whatever happens on the way, it is looked for afterwards.
        try:
            self._kube.create({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data})
        except Conflict as there:
            self.begun = False
            raise ProvisionError(_taken(recorded(self._kube))) from there


def recorded(kube: Kube) -> Record | None:
    """Return the record that is in the cluster; raises ProvisionError where it cannot be read."""
    try:
        text = kube.get("ConfigMap", NAME, NAMESPACE).get("data", {}).get(KEY, "")
        return _ADAPTER.validate_json(text)
    except NotFound:
        return None
    except ValidationError as error:
        said = f"ConfigMap {NAME} in namespace {NAMESPACE} should tell what svcproof has changed, and cannot be read"
        raise ProvisionError(f"{said}: {error}") from error


def forget(kube: Kube) -> None:
    """Delete the record: everything has been put back."""
    kube.delete("ConfigMap", NAME, NAMESPACE, missing_ok=True)


def _taken(other: Record | None) -> str:
    whose = f"run {other.token}, to test {other.proxy}" if other else "another run that ends just now"
    return (
        f"the proxy of this cluster has been changed by {whose} (ConfigMap {NAME} in namespace {NAMESPACE}): "
        "wait for that run, or, where it was killed, have it put back with: svcproof clean"
    )
