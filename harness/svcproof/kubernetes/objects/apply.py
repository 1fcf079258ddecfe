"""Application of manifests to a cluster, removal of what was applied, and steps that put back what was there."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from svcproof.errors import NotFound, ProbeError, ProvisionError, SvcproofError
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.api.kinds import kind_of
from svcproof.kubernetes.objects.cluster_access import LABEL, with_label
from svcproof.limits import Provision
from svcproof.model.cluster import Progress
from svcproof.wait import await_none

Step = tuple[str, Callable[[], object]]
"""A description, and the function that takes the step."""
REMEDY = "Once the reason is gone, this puts it back: svcproof clean"
CRD = "apiextensions.k8s.io/v1 CustomResourceDefinition"
FIRST = ("v1 Namespace", CRD)
"""Kinds that others need, in this order; the rest is applied in the order it is written in."""


@dataclass(frozen=True, slots=True)
class ObjectRef:
    """A reference to an object: `kind` is `apps/v1 DaemonSet`."""

    kind: str
    name: str
    namespace: str

    def __str__(self) -> str:
        place = f" in namespace {self.namespace}" if self.namespace else ""
        return f"{self.kind.rpartition(' ')[2]} {self.name}{place}"


def in_order_of_need(manifests: Iterable[Object]) -> tuple[Object, ...]:
    """The manifests with Namespaces and CustomResourceDefinitions before everything else."""
    ranks = {kind: rank for rank, kind in enumerate(FIRST)}
    return tuple(sorted(manifests, key=lambda manifest: ranks.get(kind_of(manifest), len(FIRST))))


def object_refs(kube: Kube, manifests: Sequence[Object]) -> tuple[ObjectRef, ...]:
    """Say where each object will be; raises ProvisionError for kinds that the cluster lacks and will not get."""
    definitions = [manifest for manifest in manifests if kind_of(manifest) == CRD]
    scopes = {kind: scope for definition in definitions for kind, scope in _defined_kinds(definition)}
    unknown: set[str] = set()
    refs: list[ObjectRef] = []
    for manifest in manifests:
        kind, metadata = kind_of(manifest), manifest["metadata"]
        try:
            default = kube.default_namespace(kind)
        except NotFound:
            if kind not in scopes:
                unknown.add(kind)
            default = kube.default_namespace("ConfigMap") if scopes.get(kind) == "Namespaced" else ""
        refs.append(ObjectRef(kind, metadata["name"], default and metadata.get("namespace", default)))
    if unknown:
        raise ProvisionError(
            f"this cluster has no kind {', '.join(sorted(unknown))}, and the manifests do not define it: add its "
            "CustomResourceDefinition, or use a version of it that the cluster has"
        )
    return tuple(refs)


def refuse_existing(kube: Kube, refs: Iterable[ObjectRef], owner: str) -> None:
    """Raise ProvisionError if any of the objects exists already: it would be changed, and deleted later.

    `owner` is the part of the message that says whose manifests these are, such as `the proxy's`.
    """
    problems = [
        _already_there(ref, existing) for ref in refs if (existing := kube.find(ref.kind, ref.name, ref.namespace))
    ]
    if problems:
        raise ProvisionError(f"{owner} manifests are not applied:\n" + "\n".join(problems))


def apply_objects(kube: Kube, manifests: Sequence[Object], refs: Sequence[ObjectRef], token: str) -> None:
    """Apply the objects, each with the run's label, and wait after a CustomResourceDefinition until it is served."""
    for manifest, ref in zip(manifests, refs, strict=True):
        metadata = manifest["metadata"] | ({"namespace": ref.namespace} if ref.namespace else {})
        kube.apply(with_label({**manifest, "metadata": metadata}, token))
        if ref.kind == CRD:
            _await_served(kube, manifest)


def remove_objects(kube: Kube, refs: Sequence[ObjectRef], token: str) -> None:
    """Delete what a run has applied, the last first, each gone with its pods before the next; nothing else."""
    for ref in reversed(refs):
        existing = kube.find(ref.kind, ref.name, ref.namespace)
        if existing and _run_of(existing) == token:
            kube.delete(ref.kind, ref.name, ref.namespace, missing_ok=True, dependents_first=True)
            kube.wait_gone(ref.kind, ref.name, ref.namespace, within=Provision.OBJECTS_GONE)


def undo_all(steps: Iterable[Step], progress: Progress) -> None:
    """Take all steps in their order, each whatever becomes of the others.

    Raises ProvisionError with those that failed, and what to do about it.
    """
    failures: list[str] = []
    for description, take in steps:
        progress(description)
        try:
            take()
        except SvcproofError as error:
            failures.append(f"{description}: {str(error).removesuffix(REMEDY).rstrip()}")
    if failures:
        raise ProvisionError("\n".join(("not everything could be put back:", *failures, REMEDY)))


def _await_served(kube: Kube, definition: Object) -> None:
    """Wait until the API server has a kind, and what it stores it in: a moment after the definition is Established."""

    def missing_kinds() -> list[str]:
        return [kind for kind, _ in _defined_kinds(definition) if not _is_served(kube, kind)]

    await_none(f"the kinds of {definition['metadata']['name']}", missing_kinds, Provision.KINDS_SERVED)


def _is_served(kube: Kube, kind: str) -> bool:
    try:
        kube.list(kind)
    except ProbeError:
        return False
    return True


def _run_of(existing: Object) -> str:
    return str((existing["metadata"].get("labels") or {}).get(LABEL, ""))


def _already_there(ref: ObjectRef, existing: Object) -> str:
    if run := _run_of(existing):
        return f"{ref} is there already, of run {run}: if that run was killed, remove it with: svcproof clean"
    return f"{ref} is there already, and is not svcproof's: remove it, or leave it out of the manifests"


def _defined_kinds(definition: Object) -> Iterable[tuple[str, str]]:
    """Each kind that a CustomResourceDefinition defines, and its scope."""
    spec = definition["spec"]
    return (
        (f"{spec['group']}/{version['name']} {spec['names']['kind']}", spec["scope"]) for version in spec["versions"]
    )
