"""The surroundings that the containers of one pod share, and those that all pods of a node share."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from ssl import SSLContext

from svcproof.disk import remove_or_raise
from svcproof.json_objects import Object
from svcproof.lab.client import Client, Recorder
from svcproof.lab.kubelet.host_path import HostFiles
from svcproof.lab.kubelet.images import Image
from svcproof.lab.kubelet.probe import Prober
from svcproof.lab.kubelet.rules import Rules
from svcproof.lab.kubelet.volumes import Volume, mounts
from svcproof.lab.layout import Layout, NodePlace
from svcproof.lab.network import Network
from svcproof.lab.runtime import Mount, Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """The node a kubelet works for, and the means it has. `shared` is seen in every container under its own path."""

    node: NodePlace
    client: Client
    layout: Layout
    network: Network
    runtime: Runtime
    prober: Prober
    recorder: Recorder
    pods: Path
    files: HostFiles
    shared: Path
    tls: SSLContext
    """Of the kubelet's own server."""
    rules: Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """A pod that has its network and its files. `pod` is the object with the addresses in its status."""

    pod: Object
    netns: str
    hostname: str
    addresses: tuple[str, ...]
    directory: Path
    volumes: Mapping[str, Volume]

    @property
    def name(self) -> str:
        """The pod as messages name it."""
        metadata = self.pod["metadata"]
        return f"{metadata['name']}_{metadata['namespace']}({metadata['uid']})"

    def mounts(self, container: Object, image: Image, shared: Path) -> tuple[Mount, ...]:
        """Everything a container mounts."""
        names = [Mount(str(self.directory / name), f"/etc/{name}") for name in ("hosts", "resolv.conf", "hostname")]
        programs = [Mount(str(source), target, read_only=True) for target, source in image.files.items()]
        own = [Mount(str(self._own(container, target)), target) for target in image.own]
        last_words = str(container.get("terminationMessagePath") or "/dev/termination-log")
        message = Mount(str(self.termination_message(container)), last_words)
        agents = [Mount(str(shared), str(shared))] if shared.exists() else []
        declared = mounts(container, self.volumes)
        taken = {mount.target for mount in declared}
        return (
            *(mount for mount in (*names, *programs, *own, message, *agents) if mount.target not in taken),
            *declared,
        )

    def copy_own(self, container: Object, image: Image) -> None:
        """Give a start of the container directories of its own, in place of those of the start before."""
        for target, source in image.own.items():
            remove_or_raise(self._own(container, target))
            shutil.copytree(source, self._own(container, target))

    def _own(self, container: Object, target: str) -> Path:
        return self.directory / "own" / str(container["name"]) / target.lstrip("/")

    def termination_message(self, container: Object) -> Path:
        """The file in which a container leaves its last words."""
        return self.directory / "messages" / str(container["name"])
