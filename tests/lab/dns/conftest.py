from collections.abc import Callable
from typing import Any

import dns.name
import pytest
from dns.rdatatype import RdataType

from svcproof.lab.dns.zone import Zone
from svcproof.lab.layout import Layout, layout
from svcproof.model.cluster_spec import ClusterSpec
from tests.lab.dns.cluster import SERVICES, slices_of


@pytest.fixture(scope="session")
def plan() -> Layout:
    return layout(
        ClusterSpec.model_validate(
            {
                "provider": "lab",
                "nodes": [{"name": "node-a"}],
                "podRanges": ["10.244.0.0/16"],
                "serviceRanges": ["10.96.0.0/16"],
                "nodeRanges": ["172.30.0.0/24"],
            }
        )
    )


@pytest.fixture
def zone(plan: Layout) -> Callable[..., Zone]:
    """Make the zone of the sample Services, with faults switched on."""

    def make(*faults: str) -> Zone:
        made = Zone(plan, frozenset(faults))
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
