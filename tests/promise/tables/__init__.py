"""Tables by subject; the grids are to be read."""

from tests.promise.table import Table
from tests.promise.tables import (
    clients,
    decisions,
    elsewhere,
    endpoints,
    health,
    hints,
    kept_ports,
    openness,
    policies,
    releases,
    services,
    shared,
    slices,
    source_ranges,
    sources,
)

TABLES: tuple[Table, ...] = (
    *policies.TABLES,
    *releases.TABLES,
    *endpoints.TABLES,
    *hints.TABLES,
    *slices.TABLES,
    *services.TABLES,
    *shared.TABLES,
    *elsewhere.TABLES,
    *openness.TABLES,
    *clients.TABLES,
    *source_ranges.TABLES,
    *sources.TABLES,
    *kept_ports.TABLES,
)
DECIDED = decisions.DECIDED
CHECKED = health.CHECKED
