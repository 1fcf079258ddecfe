"""The launch of a lab's process, and its end."""

import secrets
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from svcproof.disk import remove_tree, write_private
from svcproof.errors import LeftBehind, ProvisionError
from svcproof.interrupts import deferred
from svcproof.lab import directory
from svcproof.lab.components import Component
from svcproof.lab.directory import Directory
from svcproof.lab.layout import API_PORT, LabConfig, Layout, layout
from svcproof.lab.process import init
from svcproof.lab.process.credentials import write_certificates, write_kubeconfig
from svcproof.lab.process.remote import Remote
from svcproof.lab.process.requirements import environment, missing, namespaces
from svcproof.lab.process.settings import Settings
from svcproof.limits import Provision


@dataclass(frozen=True, slots=True)
class Lab:
    """A lab that is up."""

    directory: Directory
    layout: Layout
    secret: str
    """The secret that its agents ask for."""
    process: subprocess.Popen[bytes]
    sockets: tuple[Path, ...]
    """The sockets it had when it came up; it is of no use without one of them."""

    @property
    def remote(self) -> Remote:
        """Runs commands and programs in it."""
        return Remote(self.directory)

    def wait(self, seconds: float) -> None:
        """Wait for as long as that; raises ProvisionError where it ends by itself, which it should not."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        if why := self.gone():
            raise ProvisionError(why)

    def gone(self) -> str:
        """Say why it is gone: it ended by itself, or files of it were removed; empty while it is there."""
        if not self.directory.path.exists():
            return f"the lab's directory {self.directory.path} was removed while it ran"
        if (code := self.process.poll()) is not None:
            return f"the lab {ending(code)}:\n{self.directory.last_words()}"
        removed = [str(path) for path in self.sockets if not path.exists()]
        return f"files of the lab were removed while it ran: {', '.join(removed)}" if removed else ""


@contextmanager
def running(
    config: LabConfig,
    *,
    faults: tuple[str, ...] = (),
    agent: Path | None = None,
    components: tuple[Component, ...] = (),
) -> Iterator[Lab]:
    """Have a lab for the time of the context.

    `faults` are written `part/name`; `agent` is a Python program that runs on each client outside the cluster;
    `components` have the place of parts of the lab's own.

    Raises ProvisionError where this machine cannot hold one, or it does not come up; LeftBehind at the end, where
    something in its directory cannot be removed.
    """
    if problems := missing():
        raise ProvisionError("a lab cannot run here:\n" + "\n".join(map(str, problems)))
    with ExitStack() as until:
        with deferred():
            place = directory.create()
            until.callback(_remove, place)
            with socket.create_server(("127.0.0.1", 0)) as listener:
                settings = _settings(config, place, listener, faults, agent, components)
                process = _start(settings)
            until.callback(_end, process)
            directory.write(place, process.pid)
        _await(process, place, Provision.LAB_WITH_COMPONENTS_STARTED if components else Provision.LAB_STARTED)
        sockets = tuple(path for path in place.sockets if path.exists())
        yield Lab(place, settings.layout, settings.secret, process, sockets)


def ending(code: int) -> str:
    """Say how a process ended, from the exit code that Popen gives it."""
    return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit status {code}"


def _settings(
    config: LabConfig,
    place: Directory,
    listener: socket.socket,
    faults: tuple[str, ...],
    agent: Path | None,
    components: tuple[Component, ...],
) -> Settings:
    plan = layout(config)
    token = secrets.token_hex(16)
    settings = Settings(
        layout=plan,
        directory=place,
        listener=listener.fileno(),
        token=token,
        secret=secrets.token_hex(16),
        faults=faults,
        agent=str(agent or ""),
        components=components,
    )
    write_certificates(place.certificates, plan)
    write_private(place.token, token)
    authority = place.authority
    host, port = listener.getsockname()
    write_kubeconfig(place.kubeconfig, server=f"https://{host}:{port}", authority=authority, token=token)
    inside = f"https://{plan.fabric[0]}:{API_PORT}"
    write_kubeconfig(place.node_kubeconfig, server=inside, authority=authority, token=token)
    settings.write()
    return settings


def _start(settings: Settings) -> subprocess.Popen[bytes]:
    first = (sys.executable, "-I", "-S", str(Path(init.__file__)))
    lab = (sys.executable, "-m", "svcproof.lab.assembly", str(settings.directory.path))
    with (settings.directory.logs / "lab.log").open("wb") as log:
        return subprocess.Popen(
            (*namespaces(), *first, *lab),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            bufsize=0,
            pass_fds=[settings.listener],
            env=environment(),
            # Ctrl-C is for the harness, which ends the lab when it is done with it.
            start_new_session=True,
            cwd="/",
        )


def _await(process: subprocess.Popen[bytes], place: Directory, limit: Provision) -> None:
    """Wait until the lab prints a line, which means that it is up."""
    if process.stdout is None:
        raise ProvisionError("the lab was started without a pipe for what it says")
    with process.stdout as stream:
        if not select.select([stream], [], [], limit.seconds)[0]:
            raise ProvisionError(f"the lab was not up within {limit.seconds:g} s:\n{place.last_words()}")
        if not stream.readline():
            raise ProvisionError(f"the lab ended while it came up:\n{place.last_words()}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a lab and all in it: its first process goes when our end of its standard input is closed."""
    with deferred():
        if process.stdin is not None:
            process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            process.wait(Provision.LAB_ENDED.seconds)
        process.kill()  # The kernel then ends what the process started (--kill-child).
        process.wait()


def _remove(place: Directory) -> None:
    """Remove the directory of a lab that has ended."""
    with deferred():
        remnants = remove_tree(place.path)
    if remnants:
        raise LeftBehind(place.path, remnants)
