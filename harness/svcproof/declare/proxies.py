"""Rules between the fields of a proxy, its features written out, and the paths in it made absolute."""

import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from svcproof.declare import manifests
from svcproof.declare.document import Document, Loc, Mistake
from svcproof.errors import UsageError, near
from svcproof.model import words
from svcproof.model.proxy_spec import (
    ALL_BUT,
    ALSO,
    EVIDENCE_PLACEHOLDERS,
    PLACEHOLDER,
    PLACEHOLDERS,
    Helm,
    Install,
    Program,
    ProxySpec,
)
from svcproof.model.vocabulary import CLAIMED_BY_DEFAULT, CONTRADICTORY, Feature
from svcproof.printable import QUOTED, quoted

ELSEWHERE = "kubeProxy, manifests, helm, script or clusterDefault"
"""The ways into clusters other than the lab."""
COMMANDS = ("command", "earlier")
"""The fields of a program that are command lines."""
LISTS = {ALL_BUT: "the features that the proxy leaves out", ALSO: "features that a proxy claims by name only"}


def check(folder: Path, known: Collection[str] | None, spec: ProxySpec) -> Iterator[Mistake]:
    """Yield what is wrong with a declaration in `folder` whose single values are right, or with files it names.

    `known` are the ids of all behaviours, or None where nobody has asked for them.
    """
    install = spec.install
    ways = [key for key, is_declared in _elsewhere(install).items() if is_declared]
    if not ways and not install.program and not spec.extends:
        yield Mistake(("install",), f"names no way to install: program for the lab; {ELSEWHERE} for others")
    if len(ways) > 1:
        yield Mistake(("install",), f"names more than one way for clusters other than the lab: {', '.join(ways)}")
    if install.program:
        yield from _placeholders(install.program)
        yield from _modes(install.program)
    yield from _placeholders_in_evidence(spec)
    yield from _files(install, folder)
    if spec.ready.http and (why := words.problem(partial(words.address, schemes=("http",)), spec.ready.http)):
        what = f"{quoted(spec.ready.http)} is not a URL such as http://127.0.0.1:10256/healthz: it {why}"
        yield Mistake(("ready", "http"), what)
    for feature, opposite in CONTRADICTORY:
        if {feature, opposite} <= spec.claims.features:
            what = f"claims {feature} and {opposite}, of which one proxy has only one: leave one out"
            yield Mistake(("features",), what)
    behaviours = [deviation.behaviour for deviation in spec.deviations]
    for index, behaviour in enumerate(behaviours):
        if behaviour in behaviours[:index]:
            yield Mistake(("deviations", index, "behaviour"), f"{behaviour} is documented twice")
        elif known is not None and behaviour not in known:
            what = f"documents a deviation from {quoted(behaviour)}, which is no behaviour{near(behaviour, known)}"
            yield Mistake(("deviations", index, "behaviour"), what)


def written_out(document: Document, usual: Collection[Feature] = CLAIMED_BY_DEFAULT) -> Document:
    """Return a proxy's declaration with `features: {all-but: [...], also: [...]}` as the list that it stands for.

    `usual` are the features that these are relative to.
    """
    features = document.value.get("features")
    if not isinstance(features, dict):
        return document
    mistakes = list(_mistakes_in_features(features))
    without, also = ((), ()) if mistakes else (features.get(ALL_BUT, ()), features.get(ALSO, ()))
    claimed = frozenset(usual).difference(without).union(also)
    value = document.value | {"features": [feature.value for feature in Feature if feature in claimed]}
    lines = tuple(document.line(mistake) for mistake in mistakes)
    return replace(document, value=value, problems=(*document.problems, *lines))


def named(document: Document, others: Collection[Feature] = ()) -> tuple[Feature, ...]:
    """The features that a declaration without mistakes claims by name, and not since it leaves out others.

    `others` are those that the one it extends names.
    """
    features = document.value.get("features")
    if isinstance(features, dict):
        kept = {feature.value for feature in others} - {*features.get(ALL_BUT, ())}
        names = kept | {*features.get(ALSO, ())}
    else:
        names = {feature.value for feature in others} if features is None else {*features}
    return tuple(feature for feature in Feature if feature.value in names)


def rooted(spec: ProxySpec, folder: Path) -> ProxySpec:
    """Make the relative paths in `spec` relative to `folder`, the declaration's."""
    program, install = spec.install.program, spec.install
    if program:
        program = program.model_copy(update={key: _rooted_command(getattr(program, key), folder) for key in COMMANDS})
    changed = {
        "program": program,
        "manifests": tuple(_below(folder, path) for path in install.manifests),
        "helm": install.helm and install.helm.model_copy(update={"chart": _chart(folder, install.helm)}),
        "script": _below(folder, install.script) if install.script else "",
    }
    commands = tuple(_rooted_command(command, folder) for command in spec.evidence.commands)
    evidence = spec.evidence.model_copy(update={"commands": commands})
    return spec.model_copy(update={"install": install.model_copy(update=changed), "evidence": evidence})


def _rooted_command(command: tuple[str, ...], folder: Path) -> tuple[str, ...]:
    if not command:
        return ()
    first, *others = command
    return (
        _below(folder, first) if "/" in first else first,
        *(_below(folder, word) if _is_beside(folder, word) else word for word in others),
    )


def misfit(spec: ProxySpec, provider: str, others: Iterable[ProxySpec]) -> str:
    """Say why the proxy cannot go into a cluster of this provider, and which of the others can; empty where it can."""
    if _has_way_into(spec, provider):
        return ""
    can = [other.name for other in others if _has_way_into(other, provider)]
    need = "install.program" if provider == "lab" else f"install with {ELSEWHERE}"
    return f"it has no {need}; {', '.join(can)} can"


def _has_way_into(spec: ProxySpec, provider: str) -> bool:
    return bool(spec.install.program) if provider == "lab" else any(_elsewhere(spec.install).values())


def _elsewhere(install: Install) -> dict[str, bool]:
    return {
        "kubeProxy": install.kube_proxy is not None,
        "manifests": bool(install.manifests),
        "helm": install.helm is not None,
        "script": bool(install.script),
        "clusterDefault": bool(install.cluster_default),
    }


def _files(install: Install, folder: Path) -> Iterator[Mistake]:
    """Yield what is wrong with the files that are applied or run."""
    if install.script:
        path = Path(_below(folder, install.script))
        if not path.is_file():
            yield Mistake(("install", "script"), f"there is no file {path}")
        elif not os.access(path, os.X_OK):
            yield Mistake(("install", "script"), f"{path} is not executable: chmod +x {path}")
    applied: dict[tuple[str, ...], str] = {}
    for index, name in enumerate(install.manifests):
        loc: Loc = ("install", "manifests", index)
        try:
            for identity in map(manifests.identity, manifests.read(Path(_below(folder, name)))):
                if identity in applied:
                    yield Mistake(loc, f"{' '.join(identity).strip()} is in {applied[identity]} already")
                applied.setdefault(identity, name)
        except UsageError as error:
            yield from (Mistake(loc, problem) for problem in error.problems)
    if install.helm:
        yield from _chart_problems(install.helm, Path(_chart(folder, install.helm)))


def _chart_problems(helm: Helm, path: Path) -> Iterator[Mistake]:
    loc = ("install", "helm", "chart")
    if helm.repo or "://" in helm.chart:
        return
    if "/" not in helm.chart:
        yield Mistake(loc, f"{helm.chart} needs helm.repo, or is a path: ./{helm.chart}")
    elif not path.is_file() and not (path / "Chart.yaml").is_file():
        yield Mistake(loc, f"{path} is neither an archive nor a folder with a Chart.yaml")


def _chart(folder: Path, helm: Helm) -> str:
    return helm.chart if helm.repo or "://" in helm.chart else _below(folder, helm.chart)


def _placeholders(program: Program) -> Iterator[Mistake]:
    texts: list[tuple[Loc, str]] = [
        ((key, index), word) for key in COMMANDS for index, word in enumerate(getattr(program, key))
    ]
    texts += [(("environment", key), word) for key, word in program.environment.items()]
    for where, word in texts:
        for name in PLACEHOLDER.findall(word):
            if name not in PLACEHOLDERS:
                what = f"{{{name}}} is not a placeholder" + near(name, PLACEHOLDERS)
                yield Mistake(("install", "program", *where), what)


def _modes(program: Program) -> Iterator[Mistake]:
    """Yield what is wrong with the modes of a program: the declared one must be in the command, after the option."""
    if bool(program.modes) != bool(program.mode_option):
        yield Mistake(("install", "program"), "has modeOption or modes, which mean nothing without each other")
    elif program.modes:
        follows = dict(zip(program.command, program.command[1:], strict=False)).get(program.mode_option)
        if follows not in program.modes:
            seen = "is not in command" if follows is None else f"is followed by {quoted(follows)} in command"
            what = f"{program.mode_option} {seen}; it must be, by one of modes: {', '.join(program.modes)}"
            yield Mistake(("install", "program", "modeOption"), what)


def _placeholders_in_evidence(spec: ProxySpec) -> Iterator[Mistake]:
    for index, command in enumerate(spec.evidence.commands):
        for number, word in enumerate(command):
            for name in PLACEHOLDER.findall(word):
                if name not in EVIDENCE_PLACEHOLDERS:
                    what = f"{{{name}}} is not a placeholder here" + near(name, EVIDENCE_PLACEHOLDERS)
                    yield Mistake(("evidence", "commands", index, number), what)


def _is_beside(folder: Path, word: str) -> bool:
    return word.startswith(("./", "../")) or ("/" in word and not word.startswith("-") and (folder / word).is_file())


def _below(folder: Path, path: str) -> str:
    return path if path.startswith("{") else str(folder / path)


def _mistakes_in_features(features: dict[str, Any]) -> Iterator[Mistake]:
    for key in features:
        if key not in LISTS:
            yield Mistake(("features", key), f"unknown key{near(str(key), LISTS)}")
    if not LISTS.keys() & features:
        yield Mistake(("features", ALL_BUT), f"should be a list of {LISTS[ALL_BUT]}")
    for key in LISTS.keys() & features:
        yield from _mistakes_in_list(key, features[key])
    if all(isinstance(features.get(key), list) for key in LISTS):
        for index, name in enumerate(features[ALSO]):
            if name in features[ALL_BUT]:
                yield Mistake(("features", ALSO, index), f"{quoted(name)} is in {ALL_BUT} too")


def _mistakes_in_list(key: str, names: object) -> Iterator[Mistake]:
    if not isinstance(names, list):
        yield Mistake(("features", key), f"should be a list of {LISTS[key]}")
        return
    known = [feature.value for feature in Feature]
    for index, name in enumerate(names):
        if name not in known:
            what = f"{quoted(name)} is unknown{near(str(name)[:QUOTED], known)}"
            yield Mistake(("features", key, index), what)
