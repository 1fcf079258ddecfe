"""The directory of a lab, `<tmp>/svcproof-<uid>/<harness pid>-<random>/`: the same path inside the lab and outside."""

import os
from dataclasses import dataclass
from pathlib import Path

from svcproof.errors import ProvisionError
from svcproof.ledger import identity, scratch

LONGEST_NAME_IN_IT = len("/agents/00000000-0000-0000-0000-000000000000.sock")
LONGEST_SOCKET_PATH = 107
"""Of sun_path in <sys/un.h>, without its closing zero byte."""

LAST_LINES = 20


@dataclass(frozen=True, slots=True)
class Directory:
    """The files of one lab, by name."""

    path: Path

    @property
    def id(self) -> str:
        """The lab's name among the labs of this user."""
        return self.path.name

    @property
    def record(self) -> Path:
        """The processes of the harness and of the lab, by which `leftovers` judges."""
        return self.path / scratch.RECORD

    @property
    def detached(self) -> Path:
        """The log of the process that keeps a detached lab."""
        return self.path / "detached.json"

    @property
    def settings(self) -> Path:
        """The settings of the lab's process."""
        return self.path / "settings"

    @property
    def kubeconfig(self) -> Path:
        """For clients on this machine."""
        return self.path / "kubeconfig"

    @property
    def node_kubeconfig(self) -> Path:
        """For programs on the nodes and in the lab."""
        return self.path / "node.kubeconfig"

    @property
    def control(self) -> Path:
        """The socket on which the lab's process takes requests."""
        return self.path / "control.sock"

    @property
    def api(self) -> Path:
        """The socket on which the API server is served in plain HTTP."""
        return self.path / "api.sock"

    @property
    def token(self) -> Path:
        """The bearer token of the API server's callers."""
        return self.path / "token"

    @property
    def logs(self) -> Path:
        """A file per program, and `lab.log`, the lab's own."""
        return self.path / "logs"

    @property
    def rules(self) -> Path:
        """A directory per node: the rules in its kernel as they were from time to time."""
        return self.path / "rules"

    @property
    def agents(self) -> Path:
        """A socket per agent."""
        return self.path / "agents"

    @property
    def pods(self) -> Path:
        """The kubelets' files."""
        return self.path / "pods"

    @property
    def programs(self) -> Path:
        """A writable directory per program."""
        return self.path / "programs"

    @property
    def certificates(self) -> Path:
        """ca.crt, tls.crt and tls.key: one authority and one serving certificate for all of the lab."""
        return self.path / "certificates"

    @property
    def authority(self) -> Path:
        """The certificate that clients of the API server trust."""
        return self.certificates / "ca.crt"

    @property
    def sockets(self) -> tuple[Path, ...]:
        """The sockets of a lab; one with a real control plane has none for the API."""
        return self.control, self.api, self.agents

    def last_words(self) -> str:
        """The last lines of the log of the lab's own process."""
        try:
            lines = (self.logs / "lab.log").read_text(errors="replace").splitlines()
        except OSError as error:
            return f"(its log cannot be read: {error.strerror})"
        return "\n".join(lines[-LAST_LINES:]) or "(it said nothing)"


def create() -> Directory:
    """Make the directory of a new lab; raises ProvisionError where that cannot be done."""
    if len(f"{scratch.base()}/{os.getpid()}-0000") + LONGEST_NAME_IN_IT > LONGEST_SOCKET_PATH:
        raise ProvisionError(f"{scratch.base()} is too long a path for unix sockets: set TMPDIR to a shorter directory")
    directory = Directory(scratch.own())
    try:
        write(directory, None)
        for part in (
            directory.logs,
            directory.rules,
            directory.agents,
            directory.pods,
            directory.programs,
            directory.certificates,
        ):
            part.mkdir()
    except OSError as error:
        raise ProvisionError(f"cannot make a directory for the lab: {error}; set TMPDIR to one that can") from error
    return directory


def write(directory: Directory, pid: int | None) -> None:
    """Record the processes of the lab: this one, its harness, and, once it runs, its own of this `pid`."""
    scratch.record(directory.path, {"harness": identity(os.getpid()), "lab": identity(pid) if pid else None})
