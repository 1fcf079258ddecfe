"""Clients outside the cluster: containers on the network of its nodes."""

from collections.abc import Sequence
from ipaddress import ip_address
from itertools import product

from svcproof.addresses import Range
from svcproof.kubernetes.cluster.api_cluster import CONTROL_PORT
from svcproof.kubernetes.cluster.reach import OutsidePlace
from svcproof.kubernetes.kind.engine import Engine
from svcproof.kubernetes.objects.cluster_access import LABEL
from svcproof.kubernetes.sample.namespace import AGENT_DIRECTORY
from svcproof.limits import Provision


def start(engine: Engine, network: str, image: str, names: tuple[str, ...], token: str, secret: str) -> None:
    """Start a container per name, with an agent in it; raises ProvisionError where one does not start.

    `image` needs a Python only; the containers carry the run's label, so they are found whatever happens.
    """
    for name in names:
        container = container_name(token, name)
        options = ("--name", container, "--hostname", name, "--label", f"{LABEL}={token}", "--network", network)
        published = ("--publish", f"127.0.0.1::{CONTROL_PORT}")
        variables = ("--env", "SVCPROOF_SECRET", "--env", f"POD_NAME={name}")
        agent = (image, "/svcproof", "--control", f"tcp:{CONTROL_PORT}")
        create = ("create", *options, *published, *variables, "--entrypoint", "python3", *agent)
        engine.run(*create, within=Provision.CONTAINERS_MADE, variables={"SVCPROOF_SECRET": secret})
        engine.run("cp", str(AGENT_DIRECTORY), f"{container}:/svcproof")
        engine.run("start", container)


def place(engine: Engine, token: str, name: str, families: Sequence[str]) -> OutsidePlace:
    """The place of a client that was started; its addresses are of these families, in their order."""
    container = container_name(token, name)
    by_family = {f"ipv{ip_address(address).version}": address for address in addresses(engine, container)}
    host, _, port = engine.run("port", container, str(CONTROL_PORT)).splitlines()[0].rpartition(":")
    return OutsidePlace(
        name=name,
        addresses=tuple(by_family[family] for family in families if family in by_family),
        host=host,
        port=int(port),
        enter=(engine.name, "exec", container),
    )


def addresses(engine: Engine, container: str) -> tuple[str, ...]:
    """The addresses of a container, IPv4 and IPv6."""
    form = "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{.GlobalIPv6Address}}{{end}}"
    return tuple(engine.run("inspect", "--format", form, container).split())


def route(
    engine: Engine, image: str, token: str, name: str, ranges: tuple[Range, ...], gateways: Sequence[str]
) -> None:
    """Have a client send what goes to these ranges to a node: `gateways` are its addresses, one per family.

    `image` is one with iproute2, such as the node image; it enters the client's network for the one command.
    """
    routes = "".join(
        f"ip route replace {whole} via {gateway}\n"
        for whole, gateway in product(ranges, gateways)
        if whole.version == ip_address(gateway).version
    )
    alone = ("--rm", "--cap-add", "NET_ADMIN", "--label", f"{LABEL}={token}")
    shared = ("--network", f"container:{container_name(token, name)}", "--entrypoint", "sh")
    engine.run("run", *alone, *shared, image, "-ec", routes)


def container_name(token: str, name: str) -> str:
    """The name of the container of a client."""
    return f"svcproof-{token}-{name}"
