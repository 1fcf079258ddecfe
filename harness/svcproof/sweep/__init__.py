"""All vantages at all doors of Services, in one batch per agent, held against the model of a Service proxy."""

from svcproof.sweep.awaiting import await_promised, growing_timeouts
from svcproof.sweep.cells import Cell, cells
from svcproof.sweep.compare import Difference, differences
from svcproof.sweep.doors import Door, doors
from svcproof.sweep.health import health_doors, with_health
from svcproof.sweep.look import TRIES, Asker, Sweeper
from svcproof.sweep.swept import Swept

__all__ = [
    "TRIES",
    "Asker",
    "Cell",
    "Difference",
    "Door",
    "Sweeper",
    "Swept",
    "await_promised",
    "cells",
    "differences",
    "doors",
    "growing_timeouts",
    "health_doors",
    "with_health",
]
