"""A program on a node or outside the cluster: `python -I -S -c COMMAND SETTINGS PROGRAM [ARGUMENT ...]`.

It sees the machine's files as a container does, and has a /run of its own place. SETTINGS is a `ProgramPlace` as JSON.
"""

import json
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from .capabilities import numbers
from .request import Mount, Root
from .root import lock_mounts, make_root
from .syscalls import CLONE_NEWNET, enter, keep_capabilities

BPF = "/sys/fs/bpf"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramPlace:
    """The place a program runs at: `files` holds the place's own `run` and, where the kernel has one, `bpf`."""

    netns: str
    files: str
    hidden: str
    readable: tuple[str, ...]
    writable: tuple[str, ...]
    directory: str
    capabilities: tuple[str, ...]


def main() -> NoReturn:
    """Enter the place and become the program."""
    place, argv = ProgramPlace(**json.loads(sys.argv[1])), sys.argv[2:]
    try:
        enter(place.netns, CLONE_NEWNET)
        make_root(_root(place))
        lock_mounts()
        os.chdir(place.directory)
        keep_capabilities(numbers(place.capabilities))
    except OSError as error:
        sys.exit(f"cannot enter {place.netns}: {error}")
    os.environ.pop("TMPDIR", None)  # The machine's, which can only be read here.
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
    try:
        os.execvp(argv[0], argv)
    except OSError as error:
        sys.stderr.write(f"cannot run {argv[0]}: {error.strerror}\n")
        sys.exit(127 if isinstance(error, FileNotFoundError) else 126)


def _root(place: ProgramPlace) -> Root:
    mounts = [Mount(f"{place.files}/run", "/run")]
    if Path(place.files, "bpf").is_dir():
        mounts.append(Mount(f"{place.files}/bpf", BPF))
    mounts += [Mount(path, path, read_only=True) for path in place.readable]
    mounts += [Mount(path, path) for path in place.writable]
    return Root(mounts=tuple(mounts), hidden=place.hidden, sysctls=True, node=True)


if __name__ == "__main__":
    main()
