"""Two agents in network namespaces of their own, joined by a veth pair; the server's end has two addresses."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import svcproof.agent
from svcproof.agent.channels.local import UnixChannel
from svcproof.agent.vantage import Vantage
from svcproof.commands import Completed
from svcproof.errors import ProbeError
from svcproof.model.probe import Outcome, Protocol, Target
from svcproof.wait import provisioned

pytestmark = pytest.mark.lab
POD = Path(svcproof.agent.__file__).parent / "pod"
# The second namespace is made inside the first one's user namespace, so that its root may join them.
JOINED = """
set -e
ip link set lo up
unshare --net --kill-child sh -ec '
    read joined
    ip link set lo up; ip link set eth0 up
    # Else one host is told of six refusals, and then of one a second.
    echo 0 > /proc/sys/net/ipv4/icmp_ratelimit; echo 0 > /proc/sys/net/ipv6/icmp/ratelimit
    for address in 10.9.0.1/24 10.9.0.2/24; do ip addr add $address dev eth0; done
    for address in fd09::1/64 fd09::2/64; do ip addr add $address dev eth0 nodad; done
    exec "$0" "$1" --control "unix:$2/server.sock" --tcp 80 --udp 80 --http 8080' "$1" "$2" "$3" < "$3/joined" &
exec 3> "$3/joined"
while [ "$(readlink /proc/$!/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do sleep 0.01; done
echo $! > "$3/server.pid"
ip link add eth0 type veth peer name eth0 netns $!
ip link set eth0 up
ip addr add 10.9.0.9/24 dev eth0
ip addr add fd09::9/64 dev eth0 nodad
echo joined >&3
exec "$1" "$2" --control "unix:$3/client.sock"
"""


class Inside:
    """A shell in the namespaces of a process."""

    def __init__(self, pid):
        self.pid = pid

    def run(self, argv, timeout=10.0):
        enter = ("nsenter", "--preserve-credentials", "-U", "-n", "-t", str(self.pid))
        ended = subprocess.run([*enter, *argv], capture_output=True, timeout=timeout, check=True)
        return Completed(ended.returncode, ended.stdout, ended.stderr)


@pytest.fixture(scope="module")
def joined(tmp_path_factory):
    directory = tmp_path_factory.mktemp("two")
    os.mkfifo(directory / "joined")
    process = subprocess.Popen(
        ["unshare", "--user", "--map-root-user", "--net", "sh", "-c", JOINED, "sh", sys.executable, POD, directory],
        env={**os.environ, "POD_NAME": "server", "SVCPROOF_SECRET": "s"},
    )

    def vantage(name, address, pid):
        channel = UnixChannel(directory / f"{name}.sock", "s")
        return Vantage(name, "node", (address,), channel, [], Inside(pid))

    try:
        provisioned(
            "both agents", lambda: all(answers(directory / f"{n}.sock") for n in ("client", "server")), bool, 20
        )
        server = int((directory / "server.pid").read_text())
        yield vantage("client", "10.9.0.9", process.pid), vantage("server", "10.9.0.1", server)
    finally:
        process.kill()
        process.wait()
        os.kill(int((directory / "server.pid").read_text()), 9)


def answers(path):
    try:
        return UnixChannel(path, "s").ask("/environment", b"{}", 5)
    except ProbeError:
        return False


class Notes(list):
    def record(self, happenings, began):
        self.extend(happenings)


@pytest.fixture
def client(joined):
    return Vantage("client", "node", ("10.9.0.9",), joined[0].channel, Notes(), joined[0].shell)


@pytest.fixture
def rule(joined):
    """A function that adds a rule to the server's or the client's namespace, for this test."""
    shells = {one.name: one.shell for one in joined}

    def add(where, hook, words):
        chain = (
            f"add table inet t; add chain inet t c {{ type filter hook {hook} priority 0; }}; add rule inet t c {words}"
        )
        shells[where].run(("nft", chain))

    yield add
    for shell in shells.values():
        shell.run(("nft", "flush ruleset"))


@pytest.mark.parametrize("address", ["10.9.0.1", "10.9.0.2", "fd09::1", "fd09::2"])
@pytest.mark.parametrize(("protocol", "port"), [("tcp", 80), ("udp", 80), ("http", 8080)])
def test_every_address_of_a_host_answers_for_itself(client, address, protocol, port):
    seen = client.probe([Target(address, port, Protocol(protocol))], times=3)

    assert seen.all_answered
    assert seen.sources == {"fd09::9" if ":" in address else "10.9.0.9"}


@pytest.mark.parametrize(
    ("why", "address", "error"),
    [
        ("port-unreachable", "10.9.0.1", "ECONNREFUSED"),
        ("port-unreachable", "fd09::1", "ECONNREFUSED"),
        ("host-unreachable", "10.9.0.1", "EHOSTUNREACH"),
        ("host-unreachable", "fd09::1", "EHOSTUNREACH"),
        ("no-route", "10.9.0.1", "ENETUNREACH"),
        ("no-route", "fd09::1", "ENETUNREACH"),
        ("admin-prohibited", "10.9.0.1", "EHOSTUNREACH"),
        ("admin-prohibited", "fd09::1", "EACCES"),
    ],
)
@pytest.mark.parametrize("protocol", [Protocol.TCP, Protocol.UDP])
def test_each_way_to_reject_shows(client, rule, why, address, error, protocol):
    rule("server", "input", f"meta l4proto {{ tcp, udp }} reject with icmpx {why}")

    seen = client.probe([Target(address, 80, protocol)], times=2)

    assert (seen.outcomes, seen.errors) == ({Outcome.REFUSED}, {error})


def test_a_reset_shows(client, rule):
    rule("server", "input", "tcp dport 80 reject with tcp reset")

    assert client.tcp(Target("10.9.0.1", 80)).errors == {"ECONNREFUSED"}


def test_a_reset_of_what_was_accepted_shows(client, rule):
    rule(
        "server",
        "input",
        "tcp dport 80 ct state established ct direction original meta length > 52 reject with tcp reset",
    )

    assert client.tcp(Target("10.9.0.1", 80)).errors == {"ECONNRESET"}


@pytest.mark.parametrize(("where", "hook"), [("server", "input"), ("client", "output")])
@pytest.mark.parametrize("protocol", [Protocol.TCP, Protocol.UDP])
def test_a_drop_is_silence_wherever_it_happens(client, rule, where, hook, protocol):
    rule(where, hook, "meta l4proto { tcp, udp } th dport 80 drop")

    seen = client.probe([Target("10.9.0.1", 80, protocol)], times=2, timeout=0.3)

    assert seen.outcomes == {Outcome.DROPPED}
    assert min(one.seconds for one in seen) >= 0.3


def test_one_lost_datagram_is_not_silence(client, rule):
    rule("server", "input", "udp dport 80 limit rate over 1/day burst 1 packets accept")
    rule("server", "input", "udp dport 80 drop")

    assert client.udp(Target("10.9.0.1", 80)).all_answered


def test_thousands_of_probes_leave_no_port_behind(client):
    for _ in range(3):
        assert client.tcp(Target("10.9.0.1", 80), times=2000, timeout=10).all_answered

    waiting = client.shell.run(("ss", "-Htan", "state", "time-wait")).stdout
    assert waiting.strip() == b""


def test_a_burst_of_datagrams_is_answered_whole(client):
    assert client.udp(Target("10.9.0.1", 80), times=2000, timeout=10).all_answered


def test_a_neighbour_is_told_by_its_hardware_address(client, joined):
    server = {one.name: one for one in joined}["server"]
    links = server.shell.run(("ip", "-brief", "link")).stdout.decode()

    assert client.neighbour(server.address) in links.split()
    assert client.neighbour("fd09::1") == client.neighbour(server.address)
    assert client.neighbour("10.9.0.77") == client.neighbour("fd09::77") == ""


def test_the_neighbour_of_what_is_elsewhere_is_the_next_hop(client, joined):
    server = {one.name: one for one in joined}["server"]
    client.shell.run(("ip", "route", "add", "198.51.100.0/24", "via", server.address))

    assert client.neighbour("198.51.100.7") == client.neighbour(server.address) != ""


@pytest.mark.parametrize(
    ("route", "error"),
    [
        ("", "ENETUNREACH"),
        ("unreachable", "EHOSTUNREACH"),
        ("prohibit", "EACCES"),
        ("blackhole", "EINVAL"),
    ],
)
@pytest.mark.parametrize("address", ["10.66.0.1", "fd66::1"])
@pytest.mark.parametrize("protocol", [Protocol.TCP, Protocol.UDP])
def test_a_client_whose_own_route_table_has_no_way_makes_no_probe(client, route, error, address, protocol):
    if route:
        client.shell.run(("ip", "route", "replace", route, address))
    try:
        with pytest.raises(ProbeError, match=rf"{error}: the route table of this client has no way to {address}"):
            client.probe([Target(address, 80, protocol)])
    finally:
        if route:
            client.shell.run(("ip", "route", "del", route, address))


def test_a_datagram_that_the_client_s_node_sends_to_a_backend_without_a_way_is_dropped(client):
    client.shell.run(("ip", "route", "replace", "blackhole", "10.66.0.2"))
    chain = "add chain ip translated output { type nat hook output priority -100; }"
    translate = "add rule ip translated output ip daddr 10.9.0.1 udp dport 80 dnat to 10.66.0.2"
    client.shell.run(("nft", "; ".join(["add table ip translated", chain, translate])))
    try:
        assert client.udp(Target("10.9.0.1", 80), timeout=0.3).outcomes == {Outcome.DROPPED}
    finally:
        client.shell.run(("nft", "delete table ip translated"))
        client.shell.run(("ip", "route", "del", "blackhole", "10.66.0.2"))


def test_a_flow_that_the_kernel_of_its_client_ends_is_torn_down(client):
    with (
        client.udp_flow(Target("10.9.0.1", 80)) as datagrams,
        client.stream(Target("10.9.0.1", 80)) as stream,
        client.udp_flow(Target("10.9.0.2", 80)) as spared,
    ):
        for flow in (datagrams, stream, spared):
            assert flow.exchange().all_answered

        client.shell.run(("ss", "--kill", "--udp", "--tcp", "dst", "10.9.0.1"))

        assert datagrams.exchange(times=2).errors == {"EDESTADDRREQ"}
        assert stream.exchange(times=2).errors == {"ECONNABORTED"}
        assert (datagrams.exchange() + stream.exchange()).outcomes == {Outcome.TORN_DOWN}
        assert (datagrams.exchange() + stream.exchange()).none_answered
        assert spared.exchange().all_answered


def test_nothing_that_came_back_to_many_attempts_is_silence(client, rule):
    client.shell.run(("sysctl", "-qw", "net.ipv4.tcp_syn_retries=1"))
    rule("server", "input", "tcp dport 80 drop")

    seen = client.tcp(Target("10.9.0.1", 80), timeout=9)

    assert seen.outcomes == {Outcome.DROPPED}
    assert next(iter(seen)).seconds < 9
