from collections.abc import Callable
from typing import Any

import dns.name
import pytest
from dns.rdatatype import RdataType

from svcproof.fault import mutated
from svcproof.lab.dns.rules import Rules
from svcproof.lab.dns.zone import Zone
from svcproof.lab.faults.parts import PARTS
from svcproof.lab.layout import LabConfig, Layout, NodeConfig, layout
from tests.lab.dns.cluster import SERVICES, slices_of


@pytest.fixture(scope="session")
def plan() -> Layout:
    return layout(LabConfig(nodes=(NodeConfig("node-a"),)))


@pytest.fixture
def zone(plan: Layout) -> Callable[..., Zone]:
    """Make the zone of the sample Services, with faults switched on."""

    def make(*faults: str) -> Zone:
        made = Zone(plan, mutated(Rules(), PARTS["dns"], faults))
        for key, service in SERVICES.items():
            made.set(key, service, slices_of(key))
        return made

    return make


@pytest.fixture
def ask(zone: Callable[..., Zone]) -> Callable[..., Any]:
    """Ask a sound zone, or one with faults: code, then the data of the answer's records."""

    def lookup(name: str, kind: str, *faults: str) -> tuple[str, ...]:
        absolute = dns.name.from_text(name)
        answer = zone(*faults).lookup(absolute, RdataType.make(kind))
        return answer.code.name, *sorted(f"{one.type.name} {one.data}" for one in answer.records)

    return lookup
