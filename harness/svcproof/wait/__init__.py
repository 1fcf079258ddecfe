"""Waiting for what a check claims or builds on: the only place of the harness that sleeps."""

from svcproof.wait.claims import Claims, claims, concluded, counted
from svcproof.wait.convergence import converging
from svcproof.wait.expired import Expired, Inconclusive, Look
from svcproof.wait.waiting import Within, await_none, consistently, control, eventually, provisioned

__all__ = [
    "Claims",
    "Expired",
    "Inconclusive",
    "Look",
    "Within",
    "await_none",
    "claims",
    "concluded",
    "consistently",
    "control",
    "converging",
    "counted",
    "eventually",
    "provisioned",
]
