"""A node with two pods and a client outside, in namespaces of their own, and a proxy's rules in that node's kernel."""

import json
import os
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from svcproof.reference_proxy.state import Node

NODE = Node(name="node-a", zone="zone-a", addresses=("172.30.0.11",), pod_ranges=("10.244.1.0/24",))
PODS = {"pod-1": "10.244.1.1", "pod-2": "10.244.1.2"}
OUTSIDE = "172.30.0.101"

WIRING = f"""
set -e
mount -t tmpfs none /run
mkdir /run/netns
ip link set lo up
echo 1 > /proc/sys/net/ipv4/ip_forward
echo 0 > /proc/sys/net/ipv4/icmp_ratelimit
for place in {" ".join(PODS)} outside; do
  ip netns add $place
  ip -n $place link set lo up
  ip link add $place type veth peer name eth0 netns $place
  ip link set $place up
  ip -n $place link set eth0 up
done
for pod in {" ".join(f"{pod}={address}" for pod, address in PODS.items())}; do
  echo 1 > /proc/sys/net/ipv4/conf/${{pod%=*}}/proxy_arp
  ip route add ${{pod#*=}} dev ${{pod%=*}}
  ip -n ${{pod%=*}} address add ${{pod#*=}}/32 dev eth0
  ip -n ${{pod%=*}} route add 169.254.1.1 dev eth0
  ip -n ${{pod%=*}} route add default via 169.254.1.1
done
ip address add {NODE.addresses[0]}/24 dev outside
ip route add default dev outside
ip -n outside address add {OUTSIDE}/24 dev eth0
ip -n outside route add default via {NODE.addresses[0]}
echo wired
exec cat
"""


class Bench:
    """Runs things at the places of a bench: `node`, `pod-1`, `pod-2` and `outside`."""

    def __init__(self, holder: int) -> None:
        self._enter = ["nsenter", "-t", str(holder), "-U", "-n", "-m", "--preserve-credentials"]
        self._environment = dict(os.environ)
        self._servers: list[subprocess.Popen[str]] = []

    def command(self, place: str, *argv: str) -> list[str]:
        """The command line that runs `argv` at a place."""
        return [*self._enter, *(("ip", "netns", "exec", place) if place != "node" else ()), *argv]

    def run(self, place: str, *argv: str) -> str:
        """What a command prints there; it must succeed."""
        command = self.command(place, *argv)
        return subprocess.run(command, env=self._environment, check=True, capture_output=True, text=True).stdout

    def serve(self, place: str, *ports: int) -> None:
        """Answer on TCP and UDP with the place, the port and who asked, from now on."""
        argv = self.command(place, sys.executable, "-ISc", SERVER, place, *map(str, ports))
        server = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
        self._servers.append(server)
        assert server.stdout is not None
        assert server.stdout.readline() == "serving\n"

    def ask(
        self, place: str, address: str, port: int, *, times: int = 1, udp: bool = False, source: int = 0
    ) -> list[str]:
        """Ask again and again from a place: answers as `pod port client`, or the name of the error."""
        task = json.dumps({"to": [address, port], "times": times, "udp": udp, "source": source})
        return list(json.loads(self.run(place, sys.executable, "-ISc", CLIENT, task)))

    def tools(self, directory: Path) -> str:
        """Put an nft that works on the node into a directory, and name a PATH that finds it first."""
        script = directory / "nft"
        script.write_text(f'#!/bin/sh\nexec {shlex.join(self._enter)} {shutil.which("nft")} "$@"\n')
        script.chmod(0o755)
        return f"{directory}:{os.environ['PATH']}"

    def netfilter(self) -> socket.socket:
        """Open a netlink socket to the netfilter of the node's kernel, for this process."""
        ours, theirs = socket.socketpair()
        with ours, theirs:
            argv = self.command("node", sys.executable, "-ISc", OPENER, str(theirs.fileno()))
            subprocess.run(argv, env=self._environment, check=True, pass_fds=[theirs.fileno()])
            _, [descriptor], _, _ = socket.recv_fds(ours, 1, 1)
        return socket.socket(fileno=descriptor)

    def close(self) -> None:
        """Stop what was started."""
        for server in self._servers:
            server.terminate()
            server.communicate()


@contextmanager
def bench() -> Iterator[Bench]:
    """Make a bench; all of it is gone afterwards."""
    holding = ["unshare", "-Urnm", "--kill-child", "--fork", "sh", "-c", WIRING]
    with subprocess.Popen(holding, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        assert holder.stdout.readline() == "wired\n"
        [child] = Path(f"/proc/{holder.pid}/task/{holder.pid}/children").read_text().split()
        made = Bench(int(child))
        try:
            yield made
        finally:
            made.close()
            holder.stdin.close()


OPENER = """
import socket, sys
netfilter = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)
with socket.socket(fileno=int(sys.argv[1])) as asker:
    socket.send_fds(asker, [b"."], [netfilter.fileno()])
"""

SERVER = """
import socket, sys, threading
place, *ports = sys.argv[1:]
def tcp(listener):
    while True:
        connection, client = listener.accept()
        with connection:
            connection.sendall(f"{place} {listener.getsockname()[1]} {client[0]}".encode())
def udp(listener):
    while True:
        _, client = listener.recvfrom(100)
        listener.sendto(f"{place} {listener.getsockname()[1]} {client[0]}".encode(), client)
for port in ports:
    for kind, serve in ((socket.SOCK_STREAM, tcp), (socket.SOCK_DGRAM, udp)):
        listener = socket.socket(socket.AF_INET, kind)
        listener.bind(("0.0.0.0", int(port)))
        if kind is socket.SOCK_STREAM:
            listener.listen(64)
        threading.Thread(target=serve, args=(listener,)).start()
print("serving", flush=True)
"""

CLIENT = """
import json, socket, sys
task = json.loads(sys.argv[1])
def ask():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM if task["udp"] else socket.SOCK_STREAM) as client:
        client.settimeout(1)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if task["source"]:
            client.bind(("0.0.0.0", task["source"]))
        try:
            client.connect(tuple(task["to"]))
            if task["udp"]:
                client.send(b"?")
            return client.recv(100).decode()
        except OSError as trouble:
            return type(trouble).__name__
print(json.dumps([ask() for _ in range(task["times"])]))
"""
