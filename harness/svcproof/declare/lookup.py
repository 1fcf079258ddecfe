"""From a name, a file, or `name@version` on the command line to a spec."""

import os
import re
from collections.abc import Collection, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from svcproof.binaries import is_component
from svcproof.declare import clusters, extension, proxies
from svcproof.declare.document import Document, Mistake, read
from svcproof.declare.overlay import misfits, overlaid, with_environment
from svcproof.declare.places import fixtures_dir, names
from svcproof.declare.validate import SET_BY_US, validate
from svcproof.errors import UsageError, near
from svcproof.model.baseline import Baseline
from svcproof.model.claim import About, Claim
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.known_issue import KnownIssues
from svcproof.model.matrix_spec import MatrixSpec
from svcproof.model.options import Options
from svcproof.model.proxy_spec import ProxySpec
from svcproof.model.scenario import Scenario
from svcproof.model.words import Declared
from svcproof.printable import quoted

VERSIONED = re.compile(r"(?P<name>.+)@v?(?P<version>\d+\.\d+\.\d+)")
SPECS: dict[str, type[Declared]] = {
    "cluster": ClusterSpec,
    "proxy": ProxySpec,
    "matrix": MatrixSpec,
    "baseline": Baseline,
    "about": About,
    "claim": Claim,
    "known-issues": KnownIssues,
    "scenario": Scenario,
}
SINGULAR = {"clusters": "cluster", "proxies": "proxy", "matrices": "matrix"}


def cluster(name_or_path: str) -> ClusterSpec:
    """Return the cluster declared under this name in fixtures/clusters, or in this file.

    Raises UsageError with every mistake in the declaration.
    """
    path = path_of("clusters", name_or_path)
    spec = validate(read(path), ClusterSpec, clusters.check, {"provider": "lab"})
    spec = clusters.rooted(spec, path.absolute().parent)
    return spec.model_copy(update={"name": path.stem})


def proxy(name_or_path: str, behaviours: Collection[str] | None = None) -> ProxySpec:
    """Return the proxy declared under this name in fixtures/proxies, or in this file.

    `name@1.33.13` asks for that version of the component the proxy's command starts. Raises UsageError with every
    mistake in the declaration; deviations from what is none of `behaviours`, where these are given, are mistakes too.
    """
    path, version = _proxy_file(name_or_path)
    check = partial(proxies.check, path.absolute().parent, behaviours)
    document = read(path)
    whole, base = _whole(document, behaviours)
    spec = validate(whole, ProxySpec, check, {})
    program = spec.install.program
    if version and not (program and is_component(program.command[0])):
        raise UsageError(f"{name_or_path}: no version can be chosen: {path} starts no program that svcproof obtains")
    spec = proxies.rooted(spec, path.absolute().parent)
    named = proxies.named(document, base.named if base else ())
    return spec.model_copy(update={"name": path.stem, "version": version, "named": named})


def pair(
    options: Options, environment: Mapping[str, str] = os.environ, behaviours: Collection[str] | None = None
) -> tuple[ClusterSpec, ProxySpec]:
    """Return both specs, what the options say laid over what is declared.

    Raises UsageError with the mistakes of both and of the options, or where the one cannot go into the other; see
    `proxy` for `behaviours`.
    """
    problems: list[str] = []
    on = under_test = None
    name = options.chosen_cluster
    try:
        declared = cluster(name)
        options = with_environment(options, declared, environment)
        problems += misfits(declared, options)
        on = overlaid(declared, options)
    except UsageError as error:
        problems += error.problems
    proxy_name = options.chosen_proxy(on.provider) if on else options.proxy
    try:
        under_test = proxy(proxy_name, behaviours) if proxy_name else None
    except UsageError as error:
        problems += error.problems
    if on and under_test and (why := proxies.misfit(under_test, on.provider, map(proxy, names("proxies")))):
        what = f"proxy {proxy_name} cannot go into cluster {name} ({on.provider}): {why}"
        problems.append(read(_proxy_file(proxy_name)[0]).line(Mistake(("install",), what), at_key=True))
    if problems or not on or not under_test:
        raise UsageError(problems)
    return on, under_test


def schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema of a declaration, of kind `cluster`, `proxy` or `matrix`."""
    schema_of_kind = SPECS[kind].model_json_schema(by_alias=True)
    for field in SET_BY_US:
        schema_of_kind["properties"].pop(field, None)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema_of_kind}


def names_file(name_or_path: str) -> bool:
    """True if the word of a command line is the path of a declaration, not its name in fixtures/."""
    versioned = VERSIONED.fullmatch(name_or_path)
    return "/" in name_or_path or (versioned["name"] if versioned else name_or_path).endswith((".yaml", ".yml"))


def path_of(kind: str, name_or_path: str) -> Path:
    """Return the file of a declaration, of kind `clusters`, `proxies` or `matrices`; raises UsageError for no name."""
    if names_file(name_or_path):
        return Path(name_or_path)
    if name_or_path not in names(kind):
        what = f"unknown {SINGULAR[kind]} {quoted(name_or_path)}{near(name_or_path, names(kind))}"
        raise UsageError(f"{what}; a file is named by its path, with a slash or .yaml")
    return fixtures_dir() / kind / f"{name_or_path}.yaml"


def _whole(document: Document, behaviours: Collection[str] | None) -> tuple[Document, ProxySpec | None]:
    """The declaration of a proxy, with what it takes from the one that it extends, and that one."""
    name = document.value.get("extends")
    if not isinstance(name, str) or not name:
        return proxies.written_out(extension.refusing_relative_deviations(document)), None
    try:
        file = path_of("proxies", str(document.path.absolute().parent / name) if names_file(name) else name)
        further = read(file).value.get("extends")
        if further:
            raise UsageError(f"{quoted(name)} extends another itself, {quoted(further)}: extend that one")
    except UsageError as error:
        mistakes = (Mistake(("extends",), problem) for problem in error.problems)
        return proxies.written_out(document.noting(mistakes)), None
    base = proxy(str(file), behaviours)
    return extension.extended(proxies.written_out(document, base.claims.features), base), base


def _proxy_file(name_or_path: str) -> tuple[Path, str]:
    """The file, and the version that is asked for, or nothing."""
    versioned = VERSIONED.fullmatch(name_or_path)
    name, version = (versioned["name"], versioned["version"]) if versioned else (name_or_path, "")
    return path_of("proxies", name), version
