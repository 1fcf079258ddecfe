"""Other machines, by the system's ssh, with the configuration and the keys that its user has."""

import json
import shlex
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from svcproof.agent.channels.local import UnixChannel
from svcproof.commands import Command, CommandError, Completed, last_lines
from svcproof.errors import ProbeError, ProvisionError
from svcproof.kubernetes.cluster.outside import guest, reaching
from svcproof.kubernetes.cluster.reach import OutsidePlace
from svcproof.kubernetes.sample.namespace import AGENT_DIRECTORY
from svcproof.kubernetes.sample.pods import agent_files
from svcproof.limits import Provision, Request
from svcproof.wait import provisioned
from svcproof.wait.predicates import is_there

OPTIONS = (
    *("-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10"),
    *("-o", "ServerAliveInterval=5", "-o", "ServerAliveCountMax=3"),
    *("-o", "ForwardAgent=no", "-o", "ForwardX11=no", "-o", "RemoteCommand=none"),
)
"""Nobody is there to answer a question; a connection that is dead ends. https://man.openbsd.org/ssh_config."""
OF_SSH = 255
"""The exit code of ssh where it did not get there; any other is that of the command."""
LAUNCH = (
    "exec python3 -c 'import sys; "
    'sys.platform == "linux" or sys.exit("it runs " + sys.platform + ", and the agent needs Linux"); '
    'sys.version_info >= (3, 9) or sys.exit("its python3 is " + sys.version.split()[0]); '
    "exec(sys.stdin.buffer.read(int(sys.stdin.buffer.readline())))'"
)
"""In the words of any shell: runs what comes on standard input after its length, which reads on there."""
LAST_LINES = 6


@dataclass(frozen=True, slots=True)
class SshHost:
    """A machine, as `ssh://user@host:port` or a name of the user's ssh configuration in place of the host."""

    destination: str

    def looked(self, connected: Sequence[tuple[str, int]], routed: Sequence[str]) -> list[tuple[str, str]]:
        """Have it look for ways to addresses, as `reaching.looked` does here.

        Raises ProvisionError where ssh does not get there, or it has no Python that can do it.
        """
        sent = _program(reaching.__file__, [connected, routed])
        within = Request.SSH.seconds + 2 * reaching.WITHIN * len(connected)
        look = Command(self.command(LAUNCH), within, name=f"ssh {self.destination}", sent=sent).run()
        if look.code:
            raise ProvisionError(self.failed(look.code, look.stderr))
        answer = json.loads(look.stdout.splitlines()[-1])  # Some shells greet first.
        return [(source, why_not) for source, why_not in answer]

    def run(self, argv: tuple[str, ...], timeout: float | None = None) -> Completed:
        """Run a command there, as a Shell does; raises ProbeError where it could not be run at all."""
        what = f"could not run {shlex.join(argv)} on {self.destination}"
        words = self.command(shlex.join(argv))
        try:
            completed = Command(words, timeout or Request.COMMAND, name=f"ssh {self.destination}").run()
        except CommandError as error:
            raise ProbeError(f"{what}: {error}") from error
        if completed.code == OF_SSH:
            raise ProbeError(f"{what}: {_end(completed.stderr)}")
        return completed

    def command(self, remote: str, *options: str) -> tuple[str, ...]:
        """The command that runs a line of shell there."""
        return ("ssh", *OPTIONS, *options, "--", self.destination, remote)

    def failed(self, code: int, printed: bytes) -> str:
        """The reason why no Python of ours could be run there, and what to do."""
        if code == OF_SSH:
            tried = shlex.join(("ssh", "-o", "BatchMode=yes", self.destination, "python3", "--version"))
            return (
                f"ssh does not get to {self.destination}: {_end(printed)}\nThis must work without a question: {tried}"
            )
        remedy = "A client outside needs Linux and, as python3, a Python of 3.9 or newer"
        return f"{self.destination} cannot run an agent: {_end(printed) or f'python3 ended with {code}'}\n{remedy}"


@contextmanager
def running(
    host: SshHost, name: str, sources: tuple[str, ...], secret: str, private: Path, directory: str
) -> Iterator[OutsidePlace]:
    """Have an agent there, in a `directory` of its own, until the context ends, or this process does.

    It is asked at a socket in `private`, which ssh forwards. Raises ProvisionError where it does not start, or cannot
    be asked.
    """
    socket, log = private / f"{name}.sock", private / f"{name}.log"
    environment = {"SVCPROOF_SECRET": secret, "POD_NAME": name}
    files = agent_files(AGENT_DIRECTORY)
    sent = _program(guest.__file__, {"directory": directory, "files": files, "environment": environment})
    forward = ("-o", "ExitOnForwardFailure=yes", "-L", f"{socket}:{directory}/{guest.SOCKET}")
    with log.open("wb") as output:
        # In a session of its own: Ctrl-C is for the run, which ends it.
        agent = subprocess.Popen(
            host.command(LAUNCH, *forward), stdin=subprocess.PIPE, stdout=output, stderr=output, start_new_session=True
        )
    try:
        _send(agent, sent)
        what = f"the agent on {host.destination}"
        provisioned(what, lambda: _listens(host, agent, log), is_there, Provision.OUTSIDE_AGENT_STARTED, every=0.1)
        _asked(host, UnixChannel(socket, secret), log)
        yield OutsidePlace(name=name, addresses=sources, socket=str(socket), ssh=host.destination, enter=())
    finally:
        _ended(agent)


def _program(file: str, value: object) -> bytes:
    """A program as LAUNCH takes it, and the line it reads."""
    text = Path(file).read_bytes()
    return b"%d\n%s%s\n" % (len(text), text, json.dumps(value).encode())


def _send(agent: "subprocess.Popen[bytes]", sent: bytes) -> None:
    if agent.stdin:
        with suppress(BrokenPipeError):  # It has ended; how, is looked at next.
            agent.stdin.write(sent)
            agent.stdin.flush()


def _listens(host: SshHost, agent: "subprocess.Popen[bytes]", log: Path) -> bool:
    if (code := agent.poll()) is not None:
        raise ProvisionError(host.failed(code, log.read_bytes()))
    return guest.READY in log.read_text(errors="replace")


def _asked(host: SshHost, channel: UnixChannel, log: Path) -> None:
    try:
        channel.ask("/environment", b"{}", Request.AGENT.seconds)
    except ProbeError as trouble:
        raise ProvisionError(
            f"the agent on {host.destination} listens and cannot be asked through ssh: {_end(log.read_bytes())}\n"
            "Its sshd must allow forwarding: AllowTcpForwarding and AllowStreamLocalForwarding yes, or local"
        ) from trouble


def _ended(agent: "subprocess.Popen[bytes]") -> None:
    """End what is there by ending its input, and see that ssh ends with it."""
    if agent.stdin:
        with suppress(BrokenPipeError):
            agent.stdin.close()
    try:
        agent.wait(Provision.OUTSIDE_AGENT_ENDED.seconds)
    except subprocess.TimeoutExpired:
        agent.kill()
        agent.wait()


def _end(printed: bytes) -> str:
    return "\n".join(last_lines(printed.decode(errors="replace"), LAST_LINES))
