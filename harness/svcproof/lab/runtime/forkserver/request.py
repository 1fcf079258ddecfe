"""The requests to the forkserver: plain values that go over the socket as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass

from .capabilities import CONTAINER


@dataclass(frozen=True, slots=True)
class Mount:
    """A file or directory of the lab (`source`) that a container sees at `target`, an absolute path."""

    source: str
    target: str
    read_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """A file system made of the machine's directories, which can be read, and `mounts`.

    An empty directory stands in the place of `hidden`. With `sysctls`, those of the network can be written. That of a
    program on a `node` has in /tmp what the machine has there, and in /proc only what the program could trace.
    """

    mounts: tuple[Mount, ...] = ()
    hidden: str = ""
    sysctls: bool = False
    node: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """A program: `environment` is all it gets; with `tty`, its standard input is the terminal to control it.

    It keeps `capabilities`; execve(2) gives it no more than it has where `new_privileges` is false.
    """

    argv: tuple[str, ...]
    environment: Mapping[str, str]
    directory: str = "/"
    tty: bool = False
    capabilities: tuple[str, ...] = tuple(sorted(CONTAINER))
    new_privileges: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """A program in a container: `netns` is the path of the pod's network namespace."""

    process: Process
    netns: str
    hostname: str
    root: Root = Root()
