"""The binding of a scenario to one cluster: its placeholders as addresses and names, its objects under their own names.

Several scenarios can be on a cluster at once: each has a prefix of its own, and external addresses of its own.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from svcproof.errors import ProvisionError
from svcproof.kubernetes.sample.workload import PodHandle
from svcproof.model.placeholders import fill, placeholders
from svcproof.model.scenario import Scenario

SERVICE_NAME = "kubernetes.io/service-name"
EXTERNAL = "external-"
EXTERNALS = 9
"""External addresses that one scenario may use."""
NODE_PORT = "node-port-"
NODE_PORTS = 4
"""Node ports that one scenario may ask for by number."""
FIRST_NODE_PORT = 30010
"""In the band that the API server leaves to those who ask for a node port by its number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """The meaning of each placeholder on a cluster, and what sets one scenario apart from others beside it."""

    namespace: str
    words: Mapping[str, str]
    externals: tuple[str, ...] = ()
    """The external addresses that are this scenario's alone: `${external-1}` is the first."""
    node_ports: tuple[int, ...] = ()
    """The node ports that are this scenario's alone: `${node-port-1}` is the first."""
    prefix: str = ""
    """Begins the names of its objects."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Labels of all that it makes."""

    def name(self, name: str) -> str:
        """The name that an object of the scenario has on the cluster."""
        return f"{self.prefix}{name}"

    def meaning(self, word: str) -> str:
        """The text that a placeholder stands for here; raises ProvisionError where the cluster has no such thing."""
        if word.startswith(EXTERNAL):
            meaning = _at(self.externals, word.removeprefix(EXTERNAL))
        elif word.startswith(NODE_PORT):
            meaning = _at(self.node_ports, word.removeprefix(NODE_PORT))
        else:
            meaning = self.words.get(word, "")
        if not meaning:
            raise ProvisionError(f"the scenario needs ${{{word}}}, which this cluster has not; it has: {self._has()}")
        return meaning

    def filled(self, value: Any) -> Any:
        """The value with the meaning of each placeholder in its place; a node port is a number."""
        return _with_numbers(fill(value, self.meaning))

    def manifest(self, drawn: Mapping[str, Any]) -> dict[str, Any]:
        """The object as it is on the cluster; its status is left out, for it is written by itself."""
        manifest = deepcopy({key: value for key, value in self.filled(dict(drawn)).items() if key != "status"})
        metadata = self._of_this(manifest["metadata"])
        manifest["metadata"] = {
            **metadata,
            "name": self.name(metadata["name"]),
            "namespace": self.namespace,
            "labels": {**(metadata.get("labels") or {}), **self.labels},
        }
        return manifest

    def patch(self, drawn: Mapping[str, Any]) -> dict[str, Any]:
        """The merge patch as it is on the cluster: the Service that a slice is given to is one of this scenario."""
        patch: dict[str, Any] = self.filled(dict(drawn))
        return {**patch, "metadata": self._of_this(patch["metadata"])} if patch.get("metadata") else patch

    def _of_this(self, metadata: Mapping[str, Any]) -> dict[str, Any]:
        """The metadata with the Service that a slice belongs to under the name that it has on the cluster."""
        labels = dict(metadata.get("labels") or {})
        if labels.get(SERVICE_NAME):
            labels[SERVICE_NAME] = self.name(labels[SERVICE_NAME])
        return {**metadata, "labels": labels} if labels else dict(metadata)

    def _has(self) -> str:
        externals = (f"{EXTERNAL}{number}" for number in range(1, len(self.externals) + 1))
        return ", ".join(sorted({*self.words, *externals}))


def _at(items: Sequence[object], number: str) -> str:
    """The item of this number, counted from 1; empty where there are not so many."""
    return str(items[int(number) - 1]) if int(number) <= len(items) else ""


def _with_numbers(value: Any) -> Any:
    """The value with all nodePorts as numbers, as which the API wants them."""
    if isinstance(value, dict):
        return {
            key: int(inner) if key == "nodePort" and isinstance(inner, str) else _with_numbers(inner)
            for key, inner in value.items()
        }
    return [_with_numbers(inner) for inner in value] if isinstance(value, list) else value


def node_ports(number: int = 0) -> tuple[int, ...]:
    """The node ports of the scenario in this place of several side by side."""
    first = FIRST_NODE_PORT + number * NODE_PORTS
    return tuple(range(first, first + NODE_PORTS))


def of_pod(name: str, pod: PodHandle) -> dict[str, str]:
    """The placeholders of a backend of this name, and what they mean."""
    return {f"{name}.address": pod.address, f"{name}.node": pod.node}


def lacking(scenario: Scenario, binding: Binding) -> list[str]:
    """The placeholders of a scenario that mean nothing on a cluster, each as a sentence."""
    own = {f"{pod.name}.{end}" for pod in scenario.pods for end in ("address", "node")}
    problems = []
    for word in dict.fromkeys(word for _, word in placeholders(scenario.model_dump())):
        try:
            _ = word in own or binding.meaning(word)
        except ProvisionError as error:
            problems.append(str(error))
    return problems
