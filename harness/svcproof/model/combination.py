"""One combination of a matrix: a proxy, a cluster, its IP families, and a number among its repeats."""

from dataclasses import dataclass

from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.proxy_spec import ProxySpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Combination:
    """One run that a matrix declares.

    `proxy_word` and `cluster_word` are what `svcproof run` is told. Where the families are not those of the cluster's
    declaration, `declaration` is the text of one that has them.
    """

    proxy_name: str
    proxy_word: str
    proxy: ProxySpec
    cluster_name: str
    cluster_word: str
    cluster: ClusterSpec
    families: tuple[str, ...]
    number: int = 1
    """Its number among the repeats, from 1."""
    declaration: str = ""
    impossible: str = ""
    """The reason for which it cannot be run, whatever happens; empty: it may be."""

    @property
    def id(self) -> str:
        """Its name in the matrix, and that of its directory; the same whatever else is in the matrix."""
        return ",".join((self.proxy_name, self.cluster_name, self.stack, str(self.number)))

    @property
    def stack(self) -> str:
        """Its IP families in a word: `ipv4`, `ipv4+ipv6`."""
        return "+".join(self.families) or "any"


def short_names(combinations: tuple[Combination, ...]) -> dict[str, str]:
    """A name for people by id: the proxy, and of the rest what differs among these combinations."""
    clusters = {combination.cluster_name for combination in combinations}
    stacks = {combination.stack for combination in combinations}
    numbers = {combination.number for combination in combinations}

    def name(combination: Combination) -> str:
        words = [combination.proxy_name]
        words += [f"on {combination.cluster_name}"] if len(clusters) > 1 else []
        words += [combination.stack] if len(stacks) > 1 else []
        words += [f"run {combination.number}"] if len(numbers) > 1 else []
        return " ".join(words)

    return {combination.id: name(combination) for combination in combinations}
