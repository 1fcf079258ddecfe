"""The changes of a scenario, made on a cluster; and all that they made, taken away again."""

from collections.abc import Iterable, Iterator, Mapping
from math import inf
from typing import Any

import yaml

from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.api.kinds import kind_of
from svcproof.model.scenario import API_VERSIONS, Edit, Scenario, ScenarioStep
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


def make_edits(kube: Kube, edits: Iterable[Edit], binding: Binding) -> None:
    """Make changes to the objects of a scenario, one right after another."""
    for edit in edits:
        if edit.apply is not None:
            apply(kube, edit.apply, binding)
        elif edit.patch:
            patch = binding.patch(edit.patch.patch)
            kind, name = api_kind(edit.patch.kind), binding.name(edit.patch.name)
            kube.patch(kind, name, binding.namespace, patch, status=edit.patch.status)
        elif edit.delete:
            kube.delete(api_kind(edit.delete.kind), binding.name(edit.delete.name), binding.namespace)


def take_away(kube: Kube, scenario: Scenario, binding: Binding) -> None:
    """Delete all that a scenario may have made; what is gone already is not an error."""
    for kind, name in dict.fromkeys(_objects(scenario)):
        kube.delete(api_kind(kind), binding.name(name), binding.namespace, missing_ok=True)


def described(step: ScenarioStep) -> str:
    """The step in a few words."""
    edits = ", then ".join(map(_described, step.edits))
    if step.ready:
        return f"make pod {step.ready.pod} {'ready' if step.ready.ready else 'not ready'}"
    if step.relabel:
        return f"label pod {step.relabel.pod} with {_flow(step.relabel.labels)}"
    if step.interrupt:
        meanwhile = f", and meanwhile {edits}" if edits else ""
        return f"{step.interrupt.proxy} the proxy on {step.interrupt.node or 'every node'}{meanwhile}"
    return edits or f"wait {step.wait or 0:g} s"


def _described(edit: Edit) -> str:
    if edit.apply is not None:
        return f"apply {edit.apply['kind']} {edit.apply['metadata']['name']}"
    if edit.patch:
        status = " (status)" if edit.patch.status else ""
        return f"patch {edit.patch.kind} {edit.patch.name}{status} with {_flow(edit.patch.patch)}"
    return f"delete {edit.delete.kind} {edit.delete.name}" if edit.delete else ""


def api_kind(kind: str) -> str:
    """A kind of scenarios as the API client names it."""
    version = API_VERSIONS[kind]
    return kind if version == "v1" else f"{version} {kind}"


def _objects(scenario: Scenario) -> Iterator[tuple[str, str]]:
    applied = (edit.apply for step in scenario.steps for edit in step.edits if edit.apply is not None)
    for manifest in (*scenario.objects, *applied):
        yield manifest["kind"], manifest["metadata"]["name"]


def _flow(value: Mapping[str, Any]) -> str:
    """A JSON object in the form that YAML has on one line."""
    return yaml.safe_dump(dict(value), default_flow_style=True, sort_keys=False, allow_unicode=True, width=inf).strip()
