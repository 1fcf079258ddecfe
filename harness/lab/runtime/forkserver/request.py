"""What the forkserver is asked: plain values that go over the socket as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mount:
    """A file or directory of the lab (`source`) that a container sees at `target`, an absolute path."""

    source: str
    target: str
    read_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """A program: `environment` is all it gets; with `tty`, its standard input is the terminal to control it."""

    argv: tuple[str, ...]
    environment: Mapping[str, str]
    directory: str = "/"
    tty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """A program in a container: `netns` is the path of the pod's network namespace."""

    process: Process
    netns: str
    hostname: str
    mounts: tuple[Mount, ...] = ()
