"""The command lines that enter the places of a lab: nodes, and clients outside."""

import json
import os
import sys
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from svcproof.disk import read_record
from svcproof.errors import ProvisionError
from svcproof.lab import runtime
from svcproof.lab.directory import Directory
from svcproof.lab.network import NAMESPACES
from svcproof.lab.process.requirements import NAMESPACES as NAMESPACES_OF_LABS
from svcproof.lab.runtime.forkserver import syscalls
from svcproof.lab.runtime.forkserver.capabilities import MACHINE
from svcproof.lab.runtime.forkserver.program import ProgramPlace
from svcproof.ledger import Fate, fate, parsed

PLACES = Path("/run/places")
"""Files of the places: each has a /run of its own, as machines do, or nodes would wait for each other's locks."""
COMMAND = "import sys; sys.path.insert(0, {!r}); from forkserver.program import main; main()"


def prepare(names: Iterable[str]) -> None:
    """Make the files of places, in the mount namespace of the lab."""
    for name in names:
        (PLACES / name / "run").mkdir(parents=True)
        bpf = PLACES / name / "bpf"
        bpf.mkdir()
        try:
            syscalls.mount("bpf", str(bpf), "bpf", syscalls.MS_NOSUID | syscalls.MS_NODEV)
        except OSError:
            bpf.rmdir()  # A kernel without BPF: there is no directory to mount it on either.


def inside(
    lab: Directory,
    netns: str,
    argv: Sequence[str],
    *,
    directory: Path | None = None,
    capabilities: Collection[str] = MACHINE,
) -> tuple[str, ...]:
    """Return the command line that runs `argv` at a place, for processes of the lab; it can write to `directory`."""
    place = ProgramPlace(
        netns=str(NAMESPACES / netns),
        files=str(PLACES / netns),
        hidden=str(lab.path.parent),
        readable=(str(lab.node_kubeconfig), str(lab.authority)),
        writable=(str(lab.programs), *([str(directory)] if directory else [])),
        directory=str(directory or "/"),
        capabilities=tuple(sorted(capabilities)),
    )
    command = COMMAND.format(str(Path(runtime.__file__).parent))
    return (sys.executable, "-I", "-S", "-c", command, json.dumps(asdict(place)), *argv)


def outside(lab: Directory, netns: str, argv: Sequence[str]) -> tuple[str, ...]:
    """Return the command line that runs `argv` at a place, for processes of this machine; raises ProvisionError.

    The terminal of the calling process is passed on.
    """
    try:
        launched = parsed(read_record(lab.record).get("lab"))
        if launched is None or fate(launched) is not Fate.RUNS:
            raise ProvisionError(f"the lab in {lab.path} does not run, or has only begun to start")
        number = launched["pid"]
        first = Path(f"/proc/{number}/task/{number}/children").read_text().split()[0]
    except (OSError, IndexError) as error:
        raise ProvisionError(f"the lab in {lab.path} does not run: {error}") from error
    user = () if os.getuid() == 0 else ("--user", "--preserve-credentials")
    return ("nsenter", f"--target={first}", *user, *NAMESPACES_OF_LABS, *inside(lab, netns, argv))
