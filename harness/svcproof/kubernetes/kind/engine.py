"""The container engine that kind works on, docker, nerdctl or podman, and its network that the nodes are in."""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_interface, ip_network
from typing import Any

from svcproof.addresses import Address, Range
from svcproof.commands import Command, Completed, last_lines
from svcproof.errors import ProvisionError
from svcproof.kubernetes.kind.command_errors import explained
from svcproof.limits import Limit, Provision, Request

ENGINES = ("docker", "nerdctl", "podman")
"""In the order in which kind looks for them; KIND_EXPERIMENTAL_PROVIDER chooses one.

https://kind.sigs.k8s.io/docs/user/rootless/, https://kind.sigs.k8s.io/docs/user/quick-start/
"""
CHOICE = "KIND_EXPERIMENTAL_PROVIDER"


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine whose daemon, where it has one, answers."""

    name: str
    version: str = ""

    def run(
        self, *argv: str, within: Limit = Request.ENGINE_COMMAND, variables: Mapping[str, str] | None = None
    ) -> str:
        """Return what a command of it prints; raises ProvisionError with its last lines where it fails."""
        with explained(self.name):
            return Command((self.name, *argv), within, variables=variables or {}).output()

    def attempt(self, *argv: str, within: Limit = Request.ENGINE_COMMAND) -> Completed:
        """Run a command of it, whatever its exit code; raises ProvisionError where it does not end in time."""
        with explained(self.name):
            return Command((self.name, *argv), within).run()

    def has_image(self, image: str) -> bool:
        """True if the engine has an image, so that it need not be pulled."""
        return self.attempt("image", "inspect", "--format", "{{.Id}}", image).code == 0

    def images(self, pattern: str) -> tuple[str, ...]:
        """The images that are there and whose name matches, the newest first."""
        form = ("--format", "{{.Repository}}:{{.Tag}}", "--filter", f"reference={pattern}")
        return tuple(self.run("images", *form).split())

    def image_of(self, container: str) -> str:
        """The identifier of the image that a container runs."""
        return self.run("inspect", "--format", "{{.Image}}", container).strip()

    def containers(self, label: str) -> tuple[str, ...]:
        """Names of all containers with a label, `key=value`, whether they run or not."""
        names = self.run("ps", "--all", "--format", "{{.Names}}", "--filter", f"label={label}")
        return tuple(sorted(names.split()))

    def stopped(self, *containers: str) -> tuple[str, ...]:
        """Those of the containers that do not run."""
        states = self.run("inspect", "--format", "{{.State.Status}}", *containers).split()
        return tuple(name for name, state in zip(containers, states, strict=True) if state != "running")

    def remove(self, *containers: str) -> None:
        """Remove containers and their volumes, whatever they do."""
        if containers:
            self.run("rm", "--force", "--volumes", *containers, within=Provision.CONTAINERS_MADE)

    def info(self) -> dict[str, Any]:
        """The engine's description of the machine it runs on; the keys are the engine's own."""
        info: dict[str, Any] = json.loads(self.run("info", "--format", "{{json .}}", within=Request.ENGINE))
        return info

    def cgroup_v1(self) -> bool:
        """True if its containers get control groups of version 1."""
        info = self.info()
        return str(info.get("CgroupVersion") or info.get("host", {}).get("cgroupVersion")).endswith("1")

    def kernel(self) -> str:
        """The release of the kernel that its containers run on."""
        info = self.info()
        return str(info.get("KernelVersion") or info.get("host", {}).get("kernel"))


def find() -> Engine:
    """Return the engine that kind will use; raises ProvisionError where none answers, with what to do."""
    chosen = os.environ.get(CHOICE)
    installed = [name for name in ((chosen,) if chosen else ENGINES) if shutil.which(name)]
    if not installed:
        names = f"{chosen} ({CHOICE})" if chosen else ", ".join(ENGINES)
        raise ProvisionError(
            f"kind needs a container engine, and on PATH there is none: looked for {names}. "
            "Install one (https://docs.docker.com/engine/install/)"
        )
    answer = Engine(installed[0]).attempt("version", "--format", "{{.Server.Version}}", within=Request.ENGINE)
    if answer.code:
        raise ProvisionError(_no_daemon(installed[0], answer.stderr_text))
    return Engine(installed[0], answer.stdout_text.strip())


def _no_daemon(name: str, printed: str) -> str:
    if "permission denied" in printed.lower():
        group = "join the group docker and log in again" if name == "docker" else f"set {name} up for you (rootless)"
        remedy = f"you have no rights on its socket: {group}, or run as root"
    else:
        where = "CONTAINER_HOST" if name == "podman" else "CONTAINERD_ADDRESS" if name == "nerdctl" else "DOCKER_HOST"
        remedy = f"its daemon does not run, or not where {name} looks for it: start it, or set {where}"
    return "\n".join((f"{name} is installed and does not answer; {remedy}. It said:", *last_lines(printed)))


@dataclass(frozen=True, slots=True)
class Network:
    """A network by name: its ranges, and the addresses in it that somebody has."""

    name: str
    ranges: tuple[Range, ...]
    taken: tuple[Address, ...]


def network(engine: Engine) -> Network:
    """Look at the network; raises ProvisionError where there is none yet."""
    return _network(engine.run("network", "inspect", _network_name()))


def existing_network(engine: Engine) -> Network | None:
    """Look at the network, if there is one: kind makes it with its first cluster."""
    inspected = engine.attempt("network", "inspect", _network_name())
    return None if inspected.code else _network(inspected.stdout_text)


def _network_name() -> str:
    return os.environ.get("KIND_EXPERIMENTAL_DOCKER_NETWORK", "kind")


def _network(inspected: str) -> Network:
    description = json.loads(inspected)[0]
    configured = list(_configured(description))
    taken = [
        ip_interface(container[key]).ip
        for container in (description.get("Containers") or {}).values()
        for key in ("IPv4Address", "IPv6Address")
        if container.get(key)
    ]
    taken += [ip_interface(gateway).ip for _, gateway in configured if gateway]
    return Network(_network_name(), tuple(ip_network(subnet) for subnet, _ in configured), tuple(taken))


def _configured(description: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield subnet and gateway, as docker and nerdctl tell of them, or as podman does."""
    for subnet in description.get("IPAM", {}).get("Config") or ():
        yield subnet["Subnet"], subnet.get("Gateway", "")
    for subnet in description.get("subnets") or ():
        yield subnet["subnet"], subnet.get("gateway", "")
