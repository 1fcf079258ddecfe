"""A claim made from a run and the catalogue of its suite: pure functions."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from svcproof.model.behaviour import Behaviour, Level
from svcproof.model.claim import (
    AllNumbers,
    Claim,
    ClaimedCluster,
    ClaimedProxy,
    ClaimedRun,
    ClaimedSuite,
    Extent,
    Failure,
    Numbers,
    Project,
)
from svcproof.model.judgement import OBSERVED, REFUTED, Observed
from svcproof.model.keps import BASE
from svcproof.model.release import KUBERNETES
from svcproof.model.run import Run
from svcproof.model.verdict import Verdict
from svcproof.model.vocabulary import Feature
from svcproof.printable import one_line

FIELDS: Mapping[Observed, str] = {
    Observed.NOT_RUN: "not_run",
    Observed.UNTESTABLE: "untestable",
    Observed.DECLINED: "declined",
    Observed.RECORDED: "recorded",
    Observed.UNKNOWN: "unknown",
    Observed.PASS: "shown",
    Observed.DEVIATES: "deviates",
    Observed.WEAK: "weak",
    Observed.FLAKY: "flaky",
    Observed.FAIL: "failed",
}
"""The numbers in which behaviours are counted, by what was observed."""


def claim_of(run: Run, catalogue: Sequence[Behaviour], project: Project, url: str, signed: str = "") -> Claim:
    """The claim of a project that this run supports; `catalogue` has all behaviours of its suite."""
    header, verdicts = run.header, run.verdicts()
    concerned = [behaviour for behaviour in catalogue if header.proxy.claims.concern(behaviour)]
    extent = extent_of(run, concerned)
    observed = [(verdict.behaviour.id, OBSERVED[verdict.ruling]) for verdict in verdicts]
    values = {
        "claim": 1,
        "project": project,
        "run": ClaimedRun(
            digest=run.digest, url=url, started=header.day, extent=extent, command=one_line(header.command)
        ),
        "suite": ClaimedSuite(
            version=one_line(header.svcproof),
            digest=header.suite,
            behaviours=len(catalogue),
            core=sum(behaviour.core for behaviour in catalogue),
        ),
        "proxy": ClaimedProxy(name=header.proxy.name, declared=header.proxy.version, found=found_versions(run)),
        "cluster": _cluster(run),
        "features": [feature for feature in Feature if feature in header.proxy.claims.features],
        "deviations": header.proxy.deviations,
        "failures": [Failure(behaviour=name, observed=word) for name, word in observed if word in REFUTED],
        "numbers": _numbers(verdicts, concerned, extent),
        "signed": signed,
    }
    return Claim.model_validate(values)


def extent_of(run: Run, concerned: Iterable[Behaviour]) -> Extent:
    """The part of what concerns the proxy that a run selected, by the behaviours alone, whatever its options."""
    selected = {behaviour.id for behaviour in run.behaviours}
    missing = [behaviour for behaviour in concerned if behaviour.id not in selected]
    if not missing:
        return Extent.WHOLE
    return Extent.PARTIAL if any(behaviour.core for behaviour in missing) else Extent.CORE


def found_versions(run: Run) -> dict[str, str]:
    """The versions of the proxy's components that a run found."""
    return {one_line(name): one_line(version) for name, version in run.proxy_versions.items()}


def told_by(run: Run) -> dict[str, str]:
    """The name, address and version of the project, as far as the run knows them."""
    proxy = run.header.proxy
    return {"name": proxy.title or proxy.name, "url": proxy.homepage, "version": one_line(run.proxy_version)}


def _cluster(run: Run) -> ClaimedCluster:
    cluster = run.header.cluster
    versions = run.all_versions
    return ClaimedCluster(
        name=cluster.name,
        provider=cluster.provider,
        kubernetes=one_line(versions.get(KUBERNETES, "")),
        kernel=one_line(versions.get("kernel", "")),
        families=tuple(map(str, cluster.families)),
    )


def _numbers(verdicts: Sequence[Verdict], concerned: Sequence[Behaviour], extent: Extent) -> AllNumbers | None:
    observed = {verdict.behaviour.id: OBSERVED[verdict.ruling] for verdict in verdicts}
    if extent is Extent.PARTIAL:
        return None
    core = _counted([behaviour for behaviour in concerned if behaviour.core], observed)
    if extent is Extent.CORE:
        return AllNumbers(core=core)
    levels = {str(level): [behaviour for behaviour in concerned if behaviour.level is level] for level in Level}
    promises: dict[str, list[Behaviour]] = defaultdict(list)
    for behaviour in sorted(concerned, key=lambda behaviour: behaviour.kep or 0):
        promises[f"KEP-{behaviour.kep}" if behaviour.kep else BASE].append(behaviour)
    return AllNumbers(
        core=core,
        levels={name: _counted(group, observed) for name, group in levels.items()},
        promises={name: _counted(group, observed) for name, group in promises.items()},
    )


def _counted(group: Sequence[Behaviour], observed: Mapping[str, Observed]) -> Numbers:
    counts = Counter(FIELDS[observed.get(behaviour.id, Observed.NOT_RUN)] for behaviour in group)
    return Numbers(**{"of": len(group), "shown": 0, "failed": 0, **counts})
