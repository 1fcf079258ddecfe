"""Clients outside the cluster: containers on the network of its nodes."""

from collections.abc import Sequence
from ipaddress import ip_address
from itertools import product
from pathlib import Path

import harness.agent
from harness.cluster.reach import OutsidePlace
from harness.kind.engine import Engine
from harness.kind.network import Network
from harness.model.addresses import Range

LABEL = "svcproof.dev/run"
CONTROL_PORT = 7780
AGENT_DIRECTORY = Path(harness.agent.__file__).parent / "pod"


def start(engine: Engine, network: Network, image: str, names: tuple[str, ...], token: str, secret: str) -> None:
    """Start a container per name, with an agent in it; raises ProvisionError where one does not start.

    `image` needs a Python only; the containers carry the run's label, so `remove` finds them whatever happens.
    """
    for name in names:
        container = container_name(token, name)
        options = ("--name", container, "--hostname", name, "--label", f"{LABEL}={token}", "--network", network.name)
        published = ("--publish", f"127.0.0.1::{CONTROL_PORT}")
        variables = ("--env", f"SVCPROOF_SECRET={secret}", "--env", f"POD_NAME={name}")
        agent = (image, "/svcproof", "--control", f"tcp:{CONTROL_PORT}")
        engine.run("create", *options, *published, *variables, "--entrypoint", "python3", *agent, timeout=300)
        engine.run("cp", str(AGENT_DIRECTORY), f"{container}:/svcproof")
        engine.run("start", container)


def place(engine: Engine, network: Network, token: str, name: str, families: Sequence[str]) -> OutsidePlace:
    """Where a client that was started is; its addresses are of these families, in their order."""
    container = container_name(token, name)
    form = "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{.GlobalIPv6Address}}{{end}}"
    has = {f"ipv{ip_address(one).version}": one for one in engine.run("inspect", "--format", form, container).split()}
    host, _, port = engine.run("port", container, str(CONTROL_PORT)).splitlines()[0].rpartition(":")
    return OutsidePlace(
        name=name,
        addresses=tuple(has[one] for one in families if one in has),
        host=host,
        port=int(port),
        enter=(engine.name, "exec", container),
    )


def route(
    engine: Engine, image: str, token: str, name: str, ranges: tuple[Range, ...], gateways: Sequence[str]
) -> None:
    """Have a client send what goes to these ranges to a node: `gateways` are its addresses, one per family.

    `image` is one with iproute2, such as the node image; it enters the client's network for the one command.
    """
    for whole, gateway in product(ranges, gateways):
        if whole.version != ip_address(gateway).version:
            continue
        command = ("route", "replace", str(whole), "via", gateway)
        alone = ("--rm", "--cap-add", "NET_ADMIN", "--label", f"{LABEL}={token}")
        shared = ("--network", f"container:{container_name(token, name)}", "--entrypoint", "ip")
        engine.run("run", *alone, *shared, image, *command)


def remove(engine: Engine, token: str) -> None:
    """Remove every container of a run; raises ProvisionError where that fails."""
    if ours := found(engine, token):
        engine.run("rm", "--force", "--volumes", *ours)


def found(engine: Engine, token: str) -> tuple[str, ...]:
    """Identifiers of the containers of a run."""
    return tuple(engine.run("ps", "--all", "--quiet", "--filter", f"label={LABEL}={token}").split())


def container_name(token: str, name: str) -> str:
    """What the container of a client is called."""
    return f"svcproof-{token}-{name}"
