"""The agent on this machine: a child process, asked over a unix socket that is this user's alone."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from svcproof.errors import ProvisionError
from svcproof.kubernetes.cluster.outside.guest import end
from svcproof.kubernetes.cluster.reach import OutsidePlace
from svcproof.kubernetes.sample.namespace import AGENT_DIRECTORY
from svcproof.ledger import Entry, identity
from svcproof.limits import Provision
from svcproof.wait import provisioned


@contextmanager
def running(entry: Entry, name: str, sources: tuple[str, ...], secret: str, private: Path) -> Iterator[OutsidePlace]:
    """Have an agent here, with the addresses `sources` to the nodes; it ends with the context.

    It is asked at a socket in `private`. Raises ProvisionError where it does not start.
    """
    socket, log = private / f"{name}.sock", entry.directory / "agent.log"
    command = (sys.executable, str(AGENT_DIRECTORY), "--control", f"unix:{socket}")
    variables = {**os.environ, "SVCPROOF_SECRET": secret, "POD_NAME": name}
    with log.open("wb") as output:
        # In a session of its own: Ctrl-C is for the run, which ends it.
        agent = subprocess.Popen(
            command, env=variables, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    try:
        entry.note(agent=identity(agent.pid))
        provisioned(
            "the agent on this machine", lambda: _listens(agent, socket, log), bool, Provision.OUTSIDE_AGENT_STARTED
        )
        yield OutsidePlace(name=name, addresses=sources, socket=str(socket), enter=())
    finally:
        end(agent)


def _listens(agent: "subprocess.Popen[bytes]", socket: Path, log: Path) -> bool:
    if agent.poll() is not None:
        raise ProvisionError(f"the agent on this machine ended with {agent.returncode}: {log.read_text()[-1000:]}")
    return socket.exists()
