"""Sweeps in a cluster: the world is read from its API, and the vantages are those of a run and of a check."""

from svcproof.everywhere.claims import claims_for, claims_of
from svcproof.everywhere.cluster import Everywhere, What
from svcproof.everywhere.world import WorldReader, listeners

__all__ = ["Everywhere", "What", "WorldReader", "claims_for", "claims_of", "listeners"]
