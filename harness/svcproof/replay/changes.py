"""The changes of a scenario, made on a cluster; and all that they made, taken away again."""

from collections.abc import Iterator, Mapping
from math import inf
from typing import Any

import yaml

from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.api.kinds import kind_of
from svcproof.model.scenario import API_VERSIONS, Scenario, ScenarioStep
from svcproof.replay.binding import Binding

KINDS = ("Service", "discovery.k8s.io/v1 EndpointSlice")


def make_objects(kube: Kube, scenario: Scenario, binding: Binding) -> None:
    """Make the objects that a scenario begins with."""
    for manifest in scenario.objects:
        apply(kube, manifest, binding)


def apply(kube: Kube, manifest: Object, binding: Binding) -> None:
    """Make an object, or bring it to what the manifest says, with its status."""
    bound = binding.manifest(manifest)
    kube.apply(bound)
    if status := manifest.get("status"):
        patch = {"status": binding.filled(status)}
        kube.patch(kind_of(bound), bound["metadata"]["name"], binding.namespace, patch, status=True)


def make_change(kube: Kube, step: ScenarioStep, binding: Binding) -> None:
    """Make the change of a step to the objects of a scenario; a step of another kind changes none."""
    if step.apply is not None:
        apply(kube, step.apply, binding)
    elif step.patch:
        patch = binding.filled(step.patch.patch)
        kind, name = api_kind(step.patch.kind), binding.name(step.patch.name)
        kube.patch(kind, name, binding.namespace, patch, status=step.patch.status)
    elif step.delete:
        kube.delete(api_kind(step.delete.kind), binding.name(step.delete.name), binding.namespace)


def take_away(kube: Kube, scenario: Scenario, binding: Binding) -> None:
    """Delete all that a scenario may have made; what is gone already is not an error."""
    for kind, name in dict.fromkeys(_objects(scenario)):
        kube.delete(api_kind(kind), binding.name(name), binding.namespace, missing_ok=True)


def described(step: ScenarioStep) -> str:
    """The step in a few words."""
    if step.apply is not None:
        return f"apply {step.apply['kind']} {step.apply['metadata']['name']}"
    if step.patch:
        status = " (status)" if step.patch.status else ""
        return f"patch {step.patch.kind} {step.patch.name}{status} with {_flow(step.patch.patch)}"
    if step.delete:
        return f"delete {step.delete.kind} {step.delete.name}"
    if step.ready:
        return f"make pod {step.ready.pod} {'ready' if step.ready.ready else 'not ready'}"
    if step.relabel:
        return f"label pod {step.relabel.pod} with {_flow(step.relabel.labels)}"
    if step.interrupt:
        return f"{step.interrupt.proxy} the proxy on {step.interrupt.node or 'every node'}"
    return f"wait {step.wait:g} s"


def api_kind(kind: str) -> str:
    """A kind of scenarios as the API client names it."""
    version = API_VERSIONS[kind]
    return kind if version == "v1" else f"{version} {kind}"


def _objects(scenario: Scenario) -> Iterator[tuple[str, str]]:
    for manifest in (*scenario.objects, *(step.apply for step in scenario.steps if step.apply is not None)):
        yield manifest["kind"], manifest["metadata"]["name"]


def _flow(value: Mapping[str, Any]) -> str:
    """A JSON object in the form that YAML has on one line."""
    return yaml.safe_dump(dict(value), default_flow_style=True, sort_keys=False, allow_unicode=True, width=inf).strip()
