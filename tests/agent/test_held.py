"""The held channel, its relay as a process of this machine beside a real agent."""

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from svcproof.agent.channels.held import HeldChannels
from svcproof.agent.vantage import Vantage
from svcproof.errors import ProbeError
from svcproof.model.probe import Protocol, Target
from svcproof.wait import eventually, provisioned
from tests.agent.conftest import POD, SECRET, Here, Notes, alive

HERE = {"metadata": {"uid": "1", "name": "here", "namespace": "demo"}}


class Local:
    """A command on this machine, as the channel takes one in a container."""

    def __init__(self, process):
        self._process = process
        self.last_words = ""

    async def send(self, data):
        self._process.stdin.write(data)
        await self._process.stdin.drain()

    async def receive(self):
        data = await self._process.stdout.read(1 << 16)
        if not data:
            self.last_words = (await self._process.stderr.read()).decode()
        return data


class Beside:
    """Runs relays on this machine, and remembers them."""

    def __init__(self):
        self.relays = []
        self.command = None
        """Instead of the relay."""

    @contextlib.asynccontextmanager
    async def session(self, pod, namespace, argv, container):
        words = self.command or (sys.executable, POD / "relay.py", *argv[2:])
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        process = await asyncio.create_subprocess_exec(*words, **pipes)
        self.relays.append(process)
        try:
            yield Local(process)
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    def end(self):
        """End the relay that runs."""
        self.relays[-1].kill()


@pytest.fixture(scope="module")
def port():
    """The control port of an agent."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        number = one.getsockname()[1]
    environment = {"PATH": os.environ["PATH"], "SVCPROOF_SECRET": SECRET, "POD_NAME": "here"}
    agent = subprocess.Popen([sys.executable, POD, "--control", f"tcp:{number}"], env=environment)
    provisioned("the agent's control port", lambda: listening(number), bool, within=20)
    yield number
    agent.kill()
    agent.wait()


def listening(port):
    with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
        return True
    return False


@pytest.fixture
def beside():
    return Beside()


@pytest.fixture
def held(beside):
    made = HeldChannels(beside.session, SECRET)
    yield made
    made.close()


@pytest.fixture
def channel(held, port):
    made = held.channel(HERE, port)
    vantage = Vantage("here", "node-a", ("127.0.0.1",), made, Notes(), Here())
    eventually(lambda: alive(vantage), bool, within=20)
    return made


@pytest.fixture
def vantage(channel):
    return Vantage("here", "node-a", ("127.0.0.1",), channel, Notes(), Here())


def test_an_agent_is_asked(vantage):
    opened = vantage.ask("/serve", {"open": [{"protocol": "tcp", "port": 0}]})["opened"]

    seen = vantage.tcp(Target("127.0.0.1", opened[0]), times=3)

    assert seen.backends == {"here"}
    assert len(seen) == 3


def test_one_stream_carries_all_that_threads_ask_at_once(vantage, beside):
    (port,) = vantage.ask("/serve", {"open": [{"protocol": "udp", "port": 0}]})["opened"]
    sizes = range(0, 1000, 50)

    with ThreadPoolExecutor(len(sizes)) as pool:
        seen = list(pool.map(lambda size: vantage.udp(Target("127.0.0.1", port), times=2, size=size), sizes))

    assert all(one.all_answered for one in seen)
    assert len(beside.relays) == 1


def test_a_slow_answer_keeps_no_other_waiting(vantage):
    silent = Target("127.0.0.1", 1, Protocol.UDP)
    vantage.ask("/serve", {"open": [{"protocol": "udp", "port": 0}]})

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mute, ThreadPoolExecutor(1) as pool:
        mute.bind(("127.0.0.1", 0))
        slow = pool.submit(vantage.udp, silent.at(port=mute.getsockname()[1]), timeout=2.0)
        for _ in range(20):
            vantage.ask("/serve", {})
        assert not slow.done()
        assert slow.result().none_answered


def test_requests_and_answers_of_megabytes_pass(vantage):
    (port,) = vantage.ask("/serve", {"open": [{"protocol": "tcp", "port": 0}]})["opened"]
    target = {"protocol": "tcp", "address": "127.0.0.1", "port": port, "timeout": 10.0}
    body = {"probes": [target] * 5000, "padding": "x" * (1 << 20)}

    assert len(vantage.ask("/probe", body, timeout=20)) == 5000


def test_a_stream_that_broke_is_opened_anew(channel, beside):
    before = len(beside.relays)
    beside.end()

    eventually(lambda: answered(channel), bool, within=20)

    assert len(beside.relays) == before + 1


def test_a_stream_that_breaks_under_way_says_so(vantage, beside):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mute, ThreadPoolExecutor(1) as pool:
        mute.bind(("127.0.0.1", 0))
        port = mute.getsockname()[1]
        slow = pool.submit(vantage.udp, Target("127.0.0.1", port), timeout=20.0)
        assert mute.recv(100)
        beside.end()

        with pytest.raises(ProbeError, match="the stream to the agent in pod here ended"):
            slow.result()


def test_an_agent_that_is_gone_is_missed(held):
    gone = held.channel({"metadata": {"uid": "2", "name": "gone", "namespace": "demo"}}, 1)

    with pytest.raises(ProbeError, match=r"agent in pod gone could not be asked /serve.*ConnectionRefusedError"):
        gone.ask("/serve", b"{}", 5.0)


def test_what_a_relay_complains_of_is_shown(held, beside):
    beside.command = ("sh", "-c", "echo no python here >&2; exit 127")

    with pytest.raises(ProbeError, match="no python here"):
        held.channel(HERE, 1).ask("/serve", b"{}", 5.0)


def test_a_relay_that_is_mute_is_given_up(held, beside):
    beside.command = ("sleep", "60")

    with pytest.raises(ProbeError, match=r"no answer within 0\.2 s"):
        held.channel(HERE, 1).ask("/serve", b"{}", 0.2)


def test_whoever_has_another_secret_is_refused(beside, port, channel):
    others = HeldChannels(beside.session, "not of this run")
    try:
        with pytest.raises(ProbeError, match="status 403"):
            others.channel(HERE, port).ask("/serve", b"{}", 5.0)
    finally:
        others.close()


def test_after_close_nothing_is_asked(beside, port):
    closed = HeldChannels(beside.session, SECRET)
    channel = closed.channel(HERE, port)
    closed.close()

    with pytest.raises(ProbeError, match="it was closed"):
        channel.ask("/serve", b"{}", 5.0)


def test_closing_ends_what_is_under_way_and_every_relay(beside, port):
    closed = HeldChannels(beside.session, SECRET)
    channel = closed.channel(HERE, port)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mute, ThreadPoolExecutor(1) as pool:
        mute.bind(("127.0.0.1", 0))
        probe = {"protocol": "udp", "address": "127.0.0.1", "port": mute.getsockname()[1], "timeout": 20.0}
        slow = pool.submit(channel.ask, "/probe", json.dumps({"probes": [probe]}).encode(), 30.0)
        assert mute.recv(100)
        closed.close()

        with pytest.raises(ProbeError, match="it was closed"):
            slow.result()
    assert all(relay.returncode is not None for relay in beside.relays)


def test_a_pod_has_one_channel(held):
    assert held.channel(HERE, 1) is held.channel(HERE, 1)


def answered(channel):
    try:
        return channel.ask("/serve", b"{}", 5.0)
    except ProbeError:
        return b""
