"""Waiting for what a check claims: the only place of the harness that sleeps."""

from svcproof.wait.claims import Claims, claims, counted
from svcproof.wait.expired import Expired, Inconclusive, Look
from svcproof.wait.patience import Patience, patience
from svcproof.wait.waiting import consistently, control, eventually, provisioned

__all__ = [
    "Claims",
    "Expired",
    "Inconclusive",
    "Look",
    "Patience",
    "claims",
    "consistently",
    "control",
    "counted",
    "eventually",
    "patience",
    "provisioned",
]
