"""The proxy under test: a program on each node of a lab."""

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from svcproof import binaries
from svcproof.errors import ProvisionError, UsageError
from svcproof.lab.layout import NodePlace
from svcproof.lab.process.launch import Lab, ending
from svcproof.lab.process.requirements import search_path
from svcproof.limits import Provision
from svcproof.model.cluster import Progress
from svcproof.model.proxy_spec import Program, ProxySpec, fill

PART = "proxy/"


@dataclass(frozen=True)
class UnderTest:
    """A proxy, and how it is started: `executable` stands in the place of its command's first word."""

    spec: ProxySpec
    program: Program
    faults: tuple[str, ...]
    executable: str
    version: str

    def start(self, lab: Lab, progress: Progress) -> None:
        """Start it on every node and wait until it is ready; raises ProvisionError with what it said last."""
        progress(f"starting {self.spec.name} on {', '.join(node.name for node in lab.layout.nodes)}")
        for node in lab.layout.nodes:
            (lab.directory.programs / name(node)).mkdir()
            self.launch(lab, node)
        for node in lab.layout.nodes:
            self.await_ready(lab, node)

    def launch(self, lab: Lab, node: NodePlace) -> None:
        """Start it on a node, in the place of one that runs there."""
        place = lab.directory.programs / name(node)
        values = self._values(lab, node, place)
        environment = {key: fill(text, values) for key, text in self.program.environment.items()}
        lab.remote.start(name(node), node.netns, self._command(values), environment, place)

    def await_ready(self, lab: Lab, node: NodePlace) -> None:
        """Wait until it is ready on a node; raises ProvisionError with what it said last."""
        ready = self.spec.ready
        _, trouble = lab.remote.await_ready(name(node), node.netns, ready.http, Provision.PROXY_READY.of(ready.within))
        if trouble:
            raise ProvisionError(self._words(lab, node, f"did not become ready on {node.name}: {trouble}"))

    def trouble(self, lab: Lab, since: float) -> str:
        """Say where it has ended, or was halted since then, with its last output; empty if it ran all the time."""
        nodes = lab.layout.nodes
        states = lab.remote.states([name(node) for node in nodes], since)
        troubles = [(node, _trouble(node, *state)) for node, state in zip(nodes, states, strict=True)]
        return "\n".join(self._words(lab, node, trouble) for node, trouble in troubles if trouble)

    def cpu_time(self, lab: Lab) -> float:
        """The CPU time in seconds that it has used on all nodes."""
        return lab.remote.cpu_time([name(node) for node in lab.layout.nodes])

    @cached_property
    def _options(self) -> tuple[str, ...]:
        return tuple(word for fault in self.faults for word in (self.program.fault_option, fault.removeprefix(PART)))

    def _command(self, values: Mapping[str, str]) -> list[str]:
        words = [fill(word, values) for word in self.program.command[1:]]
        return [self.executable, *words, *self._options]

    def _values(self, lab: Lab, node: NodePlace, place: Path) -> dict[str, str]:
        return {
            "kubeconfig": str(lab.directory.node_kubeconfig),
            "node": node.name,
            "node_ip": node.addresses[0],
            "pod_range": ",".join(map(str, lab.layout.pod_ranges)),
            "service_range": ",".join(map(str, lab.layout.service_ranges)),
            "python": sys.executable,
            "directory": str(place),
        }

    def _words(self, lab: Lab, node: NodePlace, what: str) -> str:
        command = self._command(self._values(lab, node, lab.directory.programs / name(node)))
        _, tail = lab.remote.inspect(name(node))
        return f"the proxy {self.spec.name} {what}\ncommand: {' '.join(command)}\nits last output:\n{tail or '(none)'}"


def name(node: NodePlace) -> str:
    """Return the name of the proxy's program on a node."""
    return f"proxy-{node.name}"


def prepared(spec: ProxySpec, faults: tuple[str, ...], progress: Progress) -> UnderTest:
    """Find what is to be started, before there is a lab.

    Raises UsageError where the proxy cannot be started in a lab, or has no faults; ProvisionError where its program
    is not there.
    """
    program = spec.install.program
    if program is None:
        raise UsageError(f"proxy {spec.name} has no install.program, so it cannot run in a lab")
    mine = tuple(fault for fault in faults if fault.startswith(PART))
    if mine and not program.fault_option:
        raise UsageError(f"proxy {spec.name} has no install.program.faultOption, so {', '.join(mine)} means nothing")
    executable, version = locate(spec, program.command[0], progress)
    return UnderTest(spec, program, mine, executable, version)


def locate(spec: ProxySpec, word: str, progress: Progress) -> tuple[str, str]:
    """Find the program that the first word of a command stands for, and its version; raises ProvisionError."""
    if word == "{python}":
        return sys.executable, ""
    if binaries.is_component(word):
        binary = binaries.find(word, spec.version or None, progress=progress)
        return str(binary.path), binary.version
    path = shutil.which(word, path=search_path())
    if path is None:
        where = "there is no such program" if "/" in word else f"it is not on PATH ({os.environ.get('PATH')})"
        if "/" in word and Path(word).exists():
            where = "it cannot be executed"
        raise ProvisionError(f"the proxy {spec.name} cannot be started: {word}: {where}")
    return path, ""


def _trouble(node: NodePlace, code: int | None, halts: str) -> str:
    if code is not None:
        return f"{ending(code)} on {node.name}"
    return halts and f"did not run all the time on {node.name}: {halts}"
