"""Objects of manifests put into a cluster, and removed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from svcproof.errors import NotFound, ProbeError, ProvisionError
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.api.kinds import kind_of
from svcproof.kubernetes.objects.labels import LABEL, labelled
from svcproof.wait import provisioned

CRD = "apiextensions.k8s.io/v1 CustomResourceDefinition"
FIRST = ("v1 Namespace", CRD)
"""Kinds that others need, in this order; the rest is applied in the order it is written in."""
SERVED_WITHIN = 30.0
GONE_WITHIN = 120.0


@dataclass(frozen=True, slots=True)
class Ref:
    """An object: `kind` is `apps/v1 DaemonSet`."""

    kind: str
    name: str
    namespace: str

    def __str__(self) -> str:
        place = f" in namespace {self.namespace}" if self.namespace else ""
        return f"{self.kind.rpartition(' ')[2]} {self.name}{place}"


def ordered(objects: Iterable[Object]) -> tuple[Object, ...]:
    """Put Namespaces and CustomResourceDefinitions before everything else."""
    return tuple(sorted(objects, key=lambda one: FIRST.index(kind_of(one)) if kind_of(one) in FIRST else len(FIRST)))


def refs(kube: Kube, objects: Sequence[Object]) -> tuple[Ref, ...]:
    """Say where each object will be; raises ProvisionError for kinds the cluster has not and will not get."""
    scopes = {kind: scope for one in objects if kind_of(one) == CRD for kind, scope in _defined(one)}
    unknown: list[str] = []
    found: list[Ref] = []
    for one in objects:
        kind, metadata = kind_of(one), one["metadata"]
        try:
            home = kube.home(kind)
        except NotFound:
            if kind not in scopes:
                unknown.append(kind)
            home = kube.home("ConfigMap") if scopes.get(kind) == "Namespaced" else ""
        found.append(Ref(kind, metadata["name"], home and metadata.get("namespace", home)))
    if unknown:
        said = f"this cluster has no kind {', '.join(sorted(set(unknown)))}, and the manifests do not define it"
        raise ProvisionError(f"{said}: add its CustomResourceDefinition, or use a version of it that the cluster has")
    return tuple(found)


def refuse_existing(kube: Kube, wanted: Iterable[Ref], whose: str) -> None:
    """Raise ProvisionError where any of the objects is there already: it would be changed, and deleted later.

    `whose` they are is said in it, such as `the proxy's`.
    """
    problems = [_said(ref, one) for ref in wanted if (one := _look(kube, ref))]
    if problems:
        raise ProvisionError(f"{whose} manifests are not applied:\n" + "\n".join(problems))


def apply(kube: Kube, objects: Sequence[Object], wanted: Sequence[Ref], token: str) -> None:
    """Apply the objects, each with the run's label, and wait after a CustomResourceDefinition until it is served."""
    for one, ref in zip(objects, wanted, strict=True):
        metadata = one["metadata"] | ({"namespace": ref.namespace} if ref.namespace else {})
        kube.apply(labelled({**one, "metadata": metadata}, token))
        if ref.kind == CRD:
            _await_served(kube, one)


def remove(kube: Kube, applied: Sequence[Ref], token: str) -> None:
    """Delete what a run has applied, the last first, each gone with its pods before the next; nothing else."""
    for ref in reversed(applied):
        one = _look(kube, ref)
        if one and _run_of(one) == token:
            kube.delete(ref.kind, ref.name, ref.namespace, missing_ok=True, dependents_first=True)
            kube.wait_gone(ref.kind, ref.name, ref.namespace, within=GONE_WITHIN)


def _await_served(kube: Kube, definition: Object) -> None:
    """Wait until the API server has a kind, and what it stores it in: a moment after the definition is Established."""

    def look() -> list[str]:
        return [kind for kind, _ in _defined(definition) if not _is_served(kube, kind)]

    def none(missing: list[str]) -> bool:
        """None is missing."""
        return not missing

    provisioned(f"the kinds of {definition['metadata']['name']}", look, none, SERVED_WITHIN, every=0.2)


def _is_served(kube: Kube, kind: str) -> bool:
    try:
        kube.list(kind)
    except ProbeError:
        return False
    return True


def _look(kube: Kube, ref: Ref) -> Object | None:
    try:
        return kube.get(ref.kind, ref.name, ref.namespace)
    except NotFound:
        return None


def _run_of(one: Object) -> str:
    return str((one["metadata"].get("labels") or {}).get(LABEL, ""))


def _said(ref: Ref, one: Object) -> str:
    if run := _run_of(one):
        return f"{ref} is there already, of run {run}: where that run was killed, remove it with: svcproof clean"
    return f"{ref} is there already, and is not svcproof's: remove it, or leave it out of the manifests"


def _defined(one: Object) -> Iterable[tuple[str, str]]:
    spec = one["spec"]
    return (
        (f"{spec['group']}/{version['name']} {spec['names']['kind']}", spec["scope"]) for version in spec["versions"]
    )
