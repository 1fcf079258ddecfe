"""From a matrix file to the combinations it declares, with every mistake in it told at once."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Generic, TypeVar

from svcproof.declare import clusters, families, lookup, proxies
from svcproof.declare.document import Document, Loc, Mistake, read
from svcproof.declare.places import names
from svcproof.declare.validate import validate
from svcproof.errors import UsageError
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.combination import Combination
from svcproof.model.matrix_spec import NAME, MatrixSpec
from svcproof.model.proxy_spec import ProxySpec
from svcproof.printable import quoted

Spec = TypeVar("Spec", ClusterSpec, ProxySpec)
STAND_IN = {"clusters": [{"cluster": "lab"}], "proxies": [{"proxy": "reference"}]}


@dataclass(frozen=True, slots=True)
class DeclaredMatrix:
    """A matrix, named like its file, and its combinations: each proxy with every cluster, in the order of the file."""

    name: str
    spec: MatrixSpec
    combinations: tuple[Combination, ...]


@dataclass(frozen=True, slots=True)
class _Choice(Generic[Spec]):
    """A cluster or a proxy of the file: its name in the matrix, its word on a command line, and its declaration."""

    name: str
    word: str
    spec: Spec


@dataclass(frozen=True, slots=True)
class Selection:
    """The part of a matrix that this package cannot judge: the ids of all behaviours, and what is wrong with it."""

    behaviours: Collection[str] | None
    mistakes: Sequence[Mistake] = ()


def matrix(name_or_path: str, selection: Callable[[MatrixSpec, Path], Selection]) -> DeclaredMatrix:
    """Return the matrix declared under this name in fixtures/matrices, or in this file.

    `selection` is told the sound part of the file and its folder. Raises UsageError with every mistake in the file,
    and in the declarations that it names.
    """
    path = matrix_file(name_or_path)
    chosen: list[tuple[Sequence[_Choice[ProxySpec]], Sequence[_Choice[ClusterSpec]]]] = []

    def check(spec: MatrixSpec) -> Iterator[Mistake]:
        selected = selection(spec, path.parent)
        yield from selected.mistakes
        mistakes: list[Mistake] = []
        under_test = _proxies(spec, path.parent, selected.behaviours, mistakes)
        chosen.append((under_test, _clusters(spec, path.parent, mistakes)))
        yield from mistakes
        yield from _repeated(spec)

    document = read(path)
    spec = validate(document, MatrixSpec, check, STAND_IN)
    under_test, on = chosen[-1]
    stacks: Sequence[tuple[str, ...] | None] = spec.families or (None,)
    every = product(under_test, on, stacks, range(1, spec.repeats + 1))
    return DeclaredMatrix(path.stem, spec, tuple(_combination(*axes) for axes in every))


def matrix_file(name_or_path: str) -> Path:
    """Return the file of a matrix; raises UsageError for a name that none has."""
    return lookup.path_of("matrices", name_or_path)


def _proxies(
    spec: MatrixSpec, folder: Path, behaviours: Collection[str] | None, mistakes: list[Mistake]
) -> Sequence[_Choice[ProxySpec]]:
    chosen = [(entry.proxy, entry.name) for entry in spec.proxies]
    return list(_choices("proxies", "proxy", chosen, folder, lambda word: lookup.proxy(word, behaviours), mistakes))


def _clusters(spec: MatrixSpec, folder: Path, mistakes: list[Mistake]) -> Sequence[_Choice[ClusterSpec]]:
    chosen = [(entry.cluster, entry.name) for entry in spec.clusters]
    return list(_choices("clusters", "cluster", chosen, folder, lookup.cluster, mistakes))


def _choices(
    key: str,
    kind: str,
    entries: Iterable[tuple[str, str]],
    folder: Path,
    load: Callable[[str], Spec],
    mistakes: list[Mistake],
) -> Iterator[_Choice[Spec]]:
    """Load what the entries name, by its word and the name given to it; add what is wrong to `mistakes`."""
    taken: set[str] = set()
    for index, (word, own_name) in enumerate(entries):
        loc: Loc = (key, index)
        word = str(folder / word) if lookup.names_file(word) else word
        try:
            spec = load(word)
        except UsageError as error:
            mistakes += [Mistake(loc, problem) for problem in error.problems]
            continue
        version = getattr(spec, "version", "")
        name = own_name or (f"{spec.name}@{version}" if version else spec.name)
        if not re.fullmatch(NAME, name):
            what = f"{quoted(name)} is no name for a directory: say {{{kind}: …, name: …}}"
            mistakes.append(Mistake(loc, f"{what}, with a name of letters, digits and ._@+-"))
        elif name in taken:
            mistakes.append(Mistake(loc, f"there is another {kind} {name}: say {{{kind}: …, name: …}}"))
        taken.add(name)
        yield _Choice(name, word, spec)


def _repeated(spec: MatrixSpec) -> Iterator[Mistake]:
    for index, stack in enumerate(spec.families):
        if len(set(stack)) < len(stack):
            yield Mistake(("families", index), "names a family twice")
        elif stack in spec.families[:index]:
            yield Mistake(("families", index), "is there already")


def _combination(
    under_test: _Choice[ProxySpec], on: _Choice[ClusterSpec], stack: tuple[str, ...] | None, number: int
) -> Combination:
    cluster, declaration, impossible = on.spec, "", ""
    if stack is not None and stack != cluster.families:
        document = _document(on.word)
        derived = families.with_families(document, stack, clusters.check)
        cluster, declaration, impossible = derived.spec or cluster, derived.text, derived.impossible
    misfit = proxies.misfit(under_test.spec, cluster.provider, map(lookup.proxy, names("proxies")))
    return Combination(
        proxy_name=under_test.name,
        proxy_word=under_test.word,
        proxy=under_test.spec,
        cluster_name=on.name,
        cluster_word=on.word,
        cluster=cluster,
        families=stack or _families(cluster),
        number=number,
        declaration=declaration,
        impossible=impossible or (misfit and f"the proxy cannot go into it: {misfit}"),
    )


def _families(cluster: ClusterSpec) -> tuple[str, ...]:
    """The families of a declaration; those of a cluster that exists are known once it is asked."""
    return () if cluster.provider == "kubeconfig" else cluster.families


def _document(word: str) -> Document:
    return read(lookup.path_of("clusters", word))
