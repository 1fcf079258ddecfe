"""Waiting for what a check claims or builds on: the only place of the harness that sleeps."""

from svcproof.wait.context import ClaimCount, claims, concluded, converging
from svcproof.wait.waiting import (
    Expired,
    Inconclusive,
    Within,
    await_none,
    consistently,
    control,
    empty,
    eventually,
    provisioned,
    seconds_of,
)

__all__ = [
    "ClaimCount",
    "Expired",
    "Inconclusive",
    "Within",
    "await_none",
    "claims",
    "concluded",
    "consistently",
    "control",
    "converging",
    "empty",
    "eventually",
    "provisioned",
    "seconds_of",
]
