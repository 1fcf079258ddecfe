"""Waiting for what a check claims: the only place of the harness that sleeps."""

from harness.wait.claims import Claims, claims, counted
from harness.wait.expired import Expired, Inconclusive, Look
from harness.wait.patience import Patience, patience
from harness.wait.waiting import consistently, control, eventually, provisioned

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
