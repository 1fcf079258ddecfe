"""The network of the engine that kind's nodes are in."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_interface, ip_network
from typing import Any

from svcproof.addresses import Address, Range
from svcproof.kubernetes.kind.engine import Engine


@dataclass(frozen=True, slots=True)
class Network:
    """A network by name: its ranges, and the addresses in it that somebody has."""

    name: str
    ranges: tuple[Range, ...]
    taken: tuple[Address, ...]


def network(engine: Engine) -> Network:
    """Look at the network; raises ProvisionError where there is none yet."""
    return _read(engine.run("network", "inspect", _name()))


def existing(engine: Engine) -> Network | None:
    """Look at the network, if there is one: kind makes it with its first cluster."""
    looked = engine.attempt("network", "inspect", _name())
    return None if looked.code else _read(looked.stdout_text)


def _name() -> str:
    return os.environ.get("KIND_EXPERIMENTAL_DOCKER_NETWORK", "kind")


def _read(inspected: str) -> Network:
    description = json.loads(inspected)[0]
    configured = list(_configured(description))
    taken = [
        ip_interface(container[key]).ip
        for container in (description.get("Containers") or {}).values()
        for key in ("IPv4Address", "IPv6Address")
        if container.get(key)
    ]
    taken += [ip_interface(gateway).ip for _, gateway in configured if gateway]
    return Network(_name(), tuple(ip_network(subnet) for subnet, _ in configured), tuple(taken))


def _configured(description: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield subnet and gateway, as docker and nerdctl tell of them, or as podman does."""
    for subnet in description.get("IPAM", {}).get("Config") or ():
        yield subnet["Subnet"], subnet.get("Gateway", "")
    for subnet in description.get("subnets") or ():
        yield subnet["subnet"], subnet.get("gateway", "")
