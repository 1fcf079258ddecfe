"""Faults of a proxy that is kept from the API server, or whose rules somebody else removes."""

from collections.abc import Callable
from dataclasses import replace

from svcproof.fault import Fault
from svcproof.json_objects import Object
from svcproof.reference_proxy.faults.mutation import Mutation
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.store import key_of
from svcproof.reference_proxy.watch import Changed, Listed, Lost, Report, Resource

Ears = Callable[[], Callable[[Report], Report]]


def _hearing(ears: Ears) -> Mutation:
    """Take each report for what something that remembers earlier ones makes of it."""

    def apply(stages: Stages) -> Stages:
        ear = ears()
        return replace(stages, hear=lambda report: stages.hear(ear(report)))

    return apply


def _forgetful() -> Callable[[Report], Report]:
    """Take what cannot be asked for to be empty; the node itself is known otherwise."""

    def hear(report: Report) -> Report:
        is_lost = isinstance(report, Lost) and not report.resource.field
        return Listed(report.resource, ()) if is_lost else report

    return hear


def _once_only() -> Callable[[Report], Report]:
    """Take no list but the first, as if the watch went on: what happened before the next change of it is missed."""
    listed: set[Resource] = set()

    def hear(report: Report) -> Report:
        if not isinstance(report, Listed):
            return report
        is_first = report.resource not in listed
        listed.add(report.resource)
        return report if is_first else Lost(report.resource)

    return hear


def _counting() -> Callable[[Report], Report]:
    """Take a list for unchanged that has as many objects as are known."""
    known: dict[Resource, set[tuple[str, str]]] = {}

    def hear(report: Report) -> Report:
        keys = known.setdefault(report.resource, set())
        if isinstance(report, Changed):
            (keys.discard if report.gone else keys.add)(key_of(report.object))
        elif isinstance(report, Listed):
            if keys and len(keys) == len(report.objects):
                return Lost(report.resource)
            keys.clear()
            keys.update(map(key_of, report.objects))
        return report

    return hear


def _edited_unseen() -> Callable[[Report], Report]:
    """Keep Services as they were known, of which a list says that they are other ones now."""
    known: dict[tuple[str, str], Object] = {}

    def hear(report: Report) -> Report:
        if not report.resource.path.endswith("/services"):
            return report
        if isinstance(report, Changed) and report.gone:
            known.pop(key_of(report.object), None)
        elif isinstance(report, Changed):
            known[key_of(report.object)] = report.object
        elif isinstance(report, Listed):
            listed = {key_of(item): known.get(key_of(item), item) for item in report.objects}
            known.clear()
            known.update(listed)
            return Listed(report.resource, tuple(listed.values()))
        return report

    return hear


def _given_up() -> Callable[[Report], Report]:
    """Hear nothing any more of what was lost once."""
    lost: set[Resource] = set()

    def hear(report: Report) -> Report:
        if isinstance(report, Lost):
            lost.add(report.resource)
        return Lost(report.resource) if report.resource in lost else report

    return hear


def _never_less() -> Callable[[Report], Report]:
    """Add what a list has to what is known, without taking away what it no longer has."""
    known: dict[tuple[str, str, str], tuple[Resource, Object]] = {}

    def key(resource: Resource, item: Object) -> tuple[str, str, str]:
        return resource.path, item["metadata"].get("namespace", ""), item["metadata"]["name"]

    def hear(report: Report) -> Report:
        if isinstance(report, Changed) and report.gone:
            known.pop(key(report.resource, report.object), None)
        elif isinstance(report, Changed):
            known[key(report.resource, report.object)] = (report.resource, report.object)
        elif isinstance(report, Listed):
            known.update({key(report.resource, item): (report.resource, item) for item in report.objects})
            everything = tuple(item for resource, item in known.values() if resource == report.resource)
            return Listed(report.resource, everything)
        return report

    return hear


FAULTS: tuple[Fault[Stages], ...] = (
    Fault(
        "api-loss-empties-rules",
        "A proxy that cannot reach the API server takes all Services to be gone.",
        _hearing(_forgetful),
    ),
    Fault(
        "api-return-misses-changes",
        "What changed while the API server was away is missed until it changes again.",
        _hearing(_once_only),
        "https://github.com/kubernetes/kubernetes/issues/28674",
    ),
    Fault(
        "api-loss-ends-watch",
        "Once the API server was away, no change is noticed any more.",
        _hearing(_given_up),
        "https://github.com/kubernetes/kubernetes/issues/51445",
    ),
    Fault(
        "api-return-counts-alone",
        "When the API server is back, objects are taken to be the same where there are as many.",
        _hearing(_counting),
    ),
    Fault(
        "api-return-misses-edits-of-services",
        "Services that were edited while the API server was away are taken for what they were before.",
        _hearing(_edited_unseen),
    ),
    Fault(
        "api-return-keeps-what-is-gone",
        "What was deleted while the API server was away is kept when everything is listed again.",
        _hearing(_never_less),
    ),
    Fault(
        "removed-rules-not-noticed",
        "Rules that somebody else removes are not brought back.",
        lambda stages: replace(stages, intact=lambda family: True),
        "https://github.com/kubernetes/kubernetes/pull/136122",
    ),
)
