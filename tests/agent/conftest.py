import itertools
import os
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

import svcproof.agent
from svcproof.agent.channels.local import UnixChannel
from svcproof.agent.vantage import Vantage
from svcproof.commands import Completed
from svcproof.errors import ProbeError
from svcproof.model.probe import Protocol, Target
from svcproof.wait import provisioned

POD = Path(svcproof.agent.__file__).parent / "pod"
SECRET = "of this run"


class Notes(list):
    """A recorder."""

    def record(self, happenings, began):
        self.extend(happenings)


class Here:
    """A shell on this machine."""

    def run(self, argv, timeout=10.0):
        ended = subprocess.run(argv, capture_output=True, timeout=timeout, check=False)
        return Completed(ended.returncode, ended.stdout, ended.stderr)


class Agent:
    """An agent that was started, as a vantage, and the listeners it was given."""

    def __init__(self, process, vantage):
        self.process = process
        self.vantage = vantage
        self.notes = vantage.recorder

    def serving(self, protocol, address="127.0.0.1"):
        """Serve on a port that the kernel chooses."""
        opened = self.vantage.ask("/serve", {"open": [{"protocol": protocol, "port": 0}]})["opened"]
        return Target(address, opened[0], Protocol(protocol))


@pytest.fixture(scope="session")
def start(tmp_path_factory):
    """A function that starts an agent; in a `with`, it is ended after."""
    directory = tmp_path_factory.mktemp("agents")
    numbers = itertools.count(1)

    @contextmanager
    def started(name, *options, **environment):
        place = directory / f"{next(numbers)}.sock"
        about = {"POD_NAME": name, "POD_NAMESPACE": "demo", "NODE_NAME": "node-a", "SVCPROOF_SECRET": SECRET}
        process = subprocess.Popen(
            [sys.executable, str(POD), "--control", f"unix:{place}", *options],
            env={"PATH": os.environ["PATH"], **about, **environment},
        )
        vantage = Vantage(name, "node-a", ("127.0.0.1",), UnixChannel(place, SECRET), Notes(), Here())
        try:
            provisioned("the agent", lambda: alive(vantage), bool, within=20, every=0.02)
            yield Agent(process, vantage)
        finally:
            process.kill()
            process.wait()

    return started


def alive(vantage):
    try:
        return vantage.environment()
    except ProbeError:
        return None


@pytest.fixture(scope="session")
def backend(start):
    with start("backend") as agent:
        yield agent


@pytest.fixture(scope="session")
def _client(start):
    with start("client", GREETING="hello") as agent:
        yield agent


@pytest.fixture
def client(_client):
    _client.notes.clear()
    return _client


@pytest.fixture
def speaker():
    """A function that listens on loopback and answers each connection with given bytes, then closes it."""
    opened = []

    def speak(answer):
        listener = socket.create_server(("127.0.0.1", 0))
        opened.append(listener)

        def serve():
            while True:
                try:
                    accepted, _ = listener.accept()
                except OSError:
                    return
                with accepted, suppress(OSError):  # of one who has heard enough
                    accepted.recv(4096)
                    accepted.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        return Target("127.0.0.1", listener.getsockname()[1])

    yield speak
    for listener in opened:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
