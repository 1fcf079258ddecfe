"""Waiting for what a check claims: the only place of the harness that sleeps."""

from harness.wait.claims import Claims, claims
from harness.wait.expired import Expired, Inconclusive, Look
from harness.wait.patience import Patience, patience
from harness.wait.waiting import consistently, control, eventually

__all__ = [
    "Claims",
    "Expired",
    "Inconclusive",
    "Look",
    "Patience",
    "claims",
    "consistently",
    "control",
    "eventually",
    "patience",
]
