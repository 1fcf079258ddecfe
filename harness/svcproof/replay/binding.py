"""The binding of a scenario to one cluster: its placeholders as addresses and names, its objects under their own names.

Several scenarios can be on a cluster at once: each has a prefix of its own, and external addresses of its own.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from svcproof.errors import ProvisionError
from svcproof.kubernetes.sample.workload import PodHandle
from svcproof.model.placeholders import fill, placeholders
from svcproof.model.scenario import Scenario

SERVICE_NAME = "kubernetes.io/service-name"
EXTERNAL = "external-"
EXTERNALS = 6
"""External addresses that one scenario may use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """The meaning of each placeholder on a cluster, and what sets one scenario apart from others beside it."""

    namespace: str
    words: Mapping[str, str]
    externals: tuple[str, ...] = ()
    """The external addresses that are this scenario's alone: `${external-1}` is the first."""
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
            index = int(word.removeprefix(EXTERNAL)) - 1
            meaning = self.externals[index] if index < len(self.externals) else ""
        else:
            meaning = self.words.get(word, "")
        if not meaning:
            raise ProvisionError(f"the scenario needs ${{{word}}}, which this cluster has not; it has: {self._has()}")
        return meaning

    def filled(self, value: Any) -> Any:
        """The value with the meaning of each placeholder in its place."""
        return fill(value, self.meaning)

    def manifest(self, drawn: Mapping[str, Any]) -> dict[str, Any]:
        """The object as it is on the cluster; its status is left out, for it is written by itself."""
        manifest = deepcopy({key: value for key, value in self.filled(dict(drawn)).items() if key != "status"})
        metadata = manifest["metadata"]
        labels = dict(metadata.get("labels") or {})
        if SERVICE_NAME in labels:
            labels[SERVICE_NAME] = self.name(labels[SERVICE_NAME])
        manifest["metadata"] = {
            **metadata,
            "name": self.name(metadata["name"]),
            "namespace": self.namespace,
            "labels": {**labels, **self.labels},
        }
        return manifest

    def _has(self) -> str:
        externals = (f"{EXTERNAL}{number}" for number in range(1, len(self.externals) + 1))
        return ", ".join(sorted({*self.words, *externals}))


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
