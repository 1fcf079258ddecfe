"""The fact of a check with its evidence, where there is a cluster to take it from."""

from collections.abc import Collection
from dataclasses import replace

import pytest

from svcproof.evidence.redaction import without_secrets
from svcproof.model.circumstance import Circumstance
from svcproof.model.cluster import Cluster
from svcproof.model.evidence import Evidence
from svcproof.model.fact import Fact
from svcproof.plugin.cluster import CLUSTER
from svcproof.printable import clipped

NOT_BEGUN = pytest.StashKey[tuple[str, Evidence]]()
"""The reason why the last check that saw nothing did not begin, and the evidence of that."""


def with_evidence(config: pytest.Config, fact: Fact) -> Fact:
    """The fact with its evidence, and without secrets in its reason, which may have lines of a log.

    Checks that could not begin for the same reason, such as a proxy that has ended, have their evidence in common.
    """
    cluster = config.stash.get(CLUSTER, None)
    if cluster is None:
        return replace(fact, reason=without_secrets(fact.reason))
    secrets = _secrets(cluster)
    known_reason, evidence = config.stash.get(NOT_BEGUN, ("", Evidence()))
    timed: tuple[Circumstance, ...] = ()
    if fact.events or fact.reason != known_reason:
        evidence, timed = _taken(config, cluster, fact, secrets)
    if not fact.events:
        config.stash[NOT_BEGUN] = (fact.reason, evidence)
    return replace(
        fact,
        reason=without_secrets(fact.reason, secrets),
        evidence=evidence,
        circumstances=(*fact.circumstances, *timed),
    )


def _taken(
    config: pytest.Config, cluster: Cluster, fact: Fact, secrets: Collection[str]
) -> tuple[Evidence, tuple[Circumstance, ...]]:
    """The evidence of a check; where it cannot be taken at all, that is said in it, and the fact stays."""
    from svcproof.plugin.evidence.taking import taken

    try:
        return taken(config, cluster, fact)
    except Exception as error:
        why = clipped(without_secrets(str(error), secrets))
        return Evidence(missing=(f"the evidence: {type(error).__name__}: {why}",)), ()


def _secrets(cluster: Cluster) -> tuple[str, ...]:
    try:
        return cluster.witness.secrets
    except OSError:  # It is gone, and so is the file that has them.
        return ()
