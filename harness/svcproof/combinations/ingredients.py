"""The ingredients of a run, as digests: a combination is run again when one of them is another than before."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from svcproof import binaries
from svcproof.declare.places import BUILTIN, suites_dir
from svcproof.model.combination import Combination
from svcproof.model.matrix_spec import MatrixSpec
from svcproof.model.proxy_spec import ProxySpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingredients:
    """SHA-256, in hex, of what a run is made of, and the version of svcproof."""

    svcproof: str
    suite: str
    """Of the code of its suites."""
    selection: str
    """Of what is selected of them, and how often and how patiently it is checked."""
    proxy: str
    """Of the proxy's declaration, its version, and the files of this machine that it names."""
    cluster: str
    """Of the cluster's declaration, with its families."""


WORDS = {
    "svcproof": "svcproof is of another version",
    "suite": "the suite has changed",
    "selection": "the selection, or another option of the matrix, has changed",
    "proxy": "its proxy has changed: the declaration, the version, or a file that it names",
    "cluster": "its cluster's declaration has changed",
}


def changes(before: Ingredients, now: Ingredients) -> str:
    """Say what has changed; empty if nothing has."""
    return "; ".join(words for name, words in WORDS.items() if getattr(before, name) != getattr(now, name))


def ingredients(combinations: Iterable[Combination], spec: MatrixSpec, suites: Sequence[str]) -> dict[str, Ingredients]:
    """Return those of each combination by its id; `suites` are paths, or `builtin`, none of them for that one."""
    suite = _digest(_codes(suites))
    options = spec.model_dump_json(include={"select", "repeat", "patience", "ignore_release"})
    proxies: dict[str, str] = {}
    by_id: dict[str, Ingredients] = {}
    for combination in combinations:
        if combination.proxy_name not in proxies:
            proxies[combination.proxy_name] = _digest(_parts_of(combination.proxy))
        by_id[combination.id] = Ingredients(
            svcproof=version("svcproof"),
            suite=suite,
            selection=_digest([options.encode()]),
            proxy=proxies[combination.proxy_name],
            cluster=_digest([combination.cluster.model_dump_json().encode()]),
        )
    return by_id


def _codes(suites: Sequence[str]) -> Iterator[bytes]:
    for word in suites or (BUILTIN,):
        place = suites_dir() if word == BUILTIN else Path(word)
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            yield str(path.relative_to(place)).encode()
            yield path.read_bytes()


def _parts_of(proxy: ProxySpec) -> Iterator[bytes]:
    yield proxy.model_dump_json(exclude={"version"}).encode()
    program, install = proxy.install.program, proxy.install
    words = [*(program.command if program else ()), *install.manifests, install.script]
    words += [install.helm.chart] if install.helm else []
    for word in words:
        if "/" in word and (path := Path(word)).is_file():
            yield path.read_bytes()
    if program and binaries.is_component(program.command[0]):
        yield binaries.version_to_take(program.command[0], proxy.version or None).encode()


def _digest(parts: Iterable[bytes]) -> str:
    whole = sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8) + part)
    return whole.hexdigest()
