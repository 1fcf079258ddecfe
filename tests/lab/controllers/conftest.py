import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from svcproof.lab.layout import LabConfig, Layout, NodeConfig, layout
from tests.lab.builtin_plane import serve
from tests.lab.controllers.real import RealPlane
from tests.lab.controllers.stage import Plane, Stage, stage
from tests.real_plane import programs, real_api_server

LEFT_OUT = ("ServiceAccount", "TaintNodesByCondition", "StorageObjectInUseProtection")
"""Admission that needs controllers."""
Scenario = Callable[[Stage], Coroutine[Any, Any, None]]


@pytest.fixture(scope="session")
def plan() -> Layout:
    return layout(LabConfig(nodes=(NodeConfig("node-a"), NodeConfig("node-b"))))


@pytest.fixture(params=["builtin", pytest.param("kube-apiserver", marks=pytest.mark.lab)])
def plane(request: pytest.FixtureRequest) -> Plane:
    """A control plane without controllers: the lab's own, and a real one where its programs are at hand."""
    name = "builtin_plane" if request.param == "builtin" else "real_plane"
    found: Plane = request.getfixturevalue(name)
    return found


@pytest.fixture
def play(plane: Plane) -> Callable[..., None]:
    """Play a scenario on a stage, with faults switched on."""

    def run(scenario: Scenario, *faults: str) -> None:
        async def whole() -> None:
            async with stage(plane, *faults) as here:
                await scenario(here)

        asyncio.run(whole())

    return run


@pytest.fixture
def builtin_plane(plan: Layout) -> Plane:
    return lambda: serve(plan)


@pytest.fixture(scope="session")
def real_plane(plan: Layout, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealPlane]:
    """etcd and kube-apiserver on loopback."""
    with real_api_server(tmp_path_factory.mktemp("plane"), programs(), plan, left_out=LEFT_OUT) as server:
        yield RealPlane(server)
