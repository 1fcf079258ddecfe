"""Command lines that enter the places of a lab."""

import os
from collections.abc import Sequence
from pathlib import Path

from harness.disk import read_record
from harness.errors import ProvisionError
from harness.lab.network.namespace import NAMESPACES
from harness.lab.process.directory import Directory
from harness.ledger import Fate, fate, parsed

# Each place has a /run of its own, as machines do: the lock of iptables in it would make the nodes wait for each other.
SCRIPT = 'run=$1; shift; mkdir -p "$run" && mount --bind "$run" /run && exec "$@"'
RUN_OF_PLACES = Path("/run/places")


def inside(netns: str, argv: Sequence[str]) -> tuple[str, ...]:
    """The command line that runs `argv` in a network namespace, for processes of the lab."""
    enter = ("nsenter", f"--net={NAMESPACES / netns}", "unshare", "--mount", "--propagation", "slave")
    return (*enter, "sh", "-c", SCRIPT, netns, str(RUN_OF_PLACES / netns), *argv)


def outside(lab: Directory, netns: str, argv: Sequence[str]) -> tuple[str, ...]:
    """The same for processes of this machine, so that a terminal is passed on; raises ProvisionError."""
    try:
        launched = parsed(read_record(lab.record).get("lab"))
        if launched is None or fate(launched) is not Fate.RUNS:
            raise ProvisionError(f"the lab in {lab.path} does not run, or has only begun to start")
        number = launched["pid"]
        first = Path(f"/proc/{number}/task/{number}/children").read_text().split()[0]
    except (OSError, IndexError) as error:
        raise ProvisionError(f"the lab in {lab.path} does not run: {error}") from error
    user = () if os.getuid() == 0 else ("--user", "--preserve-credentials")
    return ("nsenter", f"--target={first}", *user, "--mount", "--net", "--pid", *inside(netns, argv))
