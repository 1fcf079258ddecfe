import asyncio
import socket
import subprocess
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from svcproof import binaries
from svcproof.lab.layout import LabConfig, Layout, NodeConfig, layout
from tests.lab.builtin_plane import serve
from tests.lab.controllers.real import RealPlane
from tests.lab.controllers.stage import Plane, Stage, stage

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
def play(plane: Plane, plan: Layout) -> Callable[..., None]:
    """Play a scenario on a stage, with faults switched on."""

    def run(scenario: Scenario, *faults: str) -> None:
        async def whole() -> None:
            async with stage(plane, plan, *faults) as here:
                await scenario(here)

        asyncio.run(whole())

    return run


@pytest.fixture
def builtin_plane(plan: Layout) -> Plane:
    return lambda: serve(plan)


@pytest.fixture(scope="session")
def real_plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealPlane]:
    """etcd and kube-apiserver on loopback."""
    found = {name: binaries.look(name) for name in ("etcd", "kube-apiserver")}
    if missing := [name for name, binary in found.items() if binary is None]:
        pytest.skip(f"no {' and no '.join(missing)} at hand: put them on PATH or into what KUBEBUILDER_ASSETS names")
    directory = tmp_path_factory.mktemp("plane")
    etcd, peer, port = _free_ports(3)
    (directory / "tokens").write_text('secret,admin,admin,"system:masters"\n')
    key = directory / "sa.key"
    subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
    commands = (
        [
            *(found["etcd"].path, "--data-dir", directory / "etcd", "--unsafe-no-fsync"),
            *("--listen-client-urls", f"http://127.0.0.1:{etcd}", "--listen-peer-urls", f"http://127.0.0.1:{peer}"),
            *("--advertise-client-urls", f"http://127.0.0.1:{etcd}"),
        ],
        [
            *(found["kube-apiserver"].path, "--etcd-servers", f"http://127.0.0.1:{etcd}"),
            *("--bind-address", "127.0.0.1", "--secure-port", str(port), "--cert-dir", directory / "pki"),
            *("--advertise-address", "172.30.0.1", "--service-cluster-ip-range", "10.96.0.0/16"),
            *("--token-auth-file", directory / "tokens", "--authorization-mode", "AlwaysAllow"),
            *("--service-account-issuer", "https://kubernetes.default", "--service-account-key-file", key),
            *("--service-account-signing-key-file", key),
            *("--disable-admission-plugins", "ServiceAccount,TaintNodesByCondition,StorageObjectInUseProtection"),
        ],
    )
    running = []
    try:
        for command in commands:
            with (directory / f"{command[0].name}.log").open("wb") as log:
                running.append(subprocess.Popen(command, stdout=log, stderr=log))
        yield RealPlane(f"https://127.0.0.1:{port}", directory, running)
    finally:
        for process in reversed(running):
            process.kill()
            process.wait()


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports
