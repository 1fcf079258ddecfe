"""The program, at work beside an API server."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tenacity import Retrying, retry_if_result, stop_after_delay, wait_fixed

from svcproof.reference_proxy.ruleset import TABLE
from tests.reference_proxy.api_server import TOKEN
from tests.reference_proxy.bench import NODE, PODS, Bench, bench

pytestmark = pytest.mark.lab
PORT = 6443
SERVICES, SLICES = "/api/v1/namespaces/default/services", "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices"
HEALTH, NODE_PORT, CHECK = "http://127.0.0.1:10256/healthz", 30080, 30999
WEB: dict[str, Any] = {
    "kind": "Service",
    "apiVersion": "v1",
    "metadata": {"name": "web"},
    "spec": {
        "type": "LoadBalancer",
        "externalTrafficPolicy": "Local",
        "healthCheckNodePort": CHECK,
        "ports": [{"port": 80, "nodePort": NODE_PORT}],
    },
}


def until(look: Callable[[], bool]) -> bool:
    """Whether it came true within half a minute."""
    patience = Retrying(stop=stop_after_delay(30), wait=wait_fixed(0.05), retry=retry_if_result(lambda seen: not seen))
    return bool(patience(look))


class Site:
    """A node with an API server and a proxy as programs on it."""

    def __init__(self, bench: Bench, directory: Path) -> None:
        self.bench, self.directory = bench, directory
        self.server = self._start(str(Path(__file__).with_name("api_server.py")), str(directory), str(PORT))
        assert until(lambda: self.curl(f"https://127.0.0.1:{PORT}/healthz") == "200")
        self.put("/api/v1/nodes", {"kind": "Node", "apiVersion": "v1", "metadata": {"name": NODE.name}})
        status = {"addresses": [{"type": "InternalIP", "address": NODE.addresses[0]}]}
        node = {"spec": {"podCIDRs": list(NODE.pod_ranges)}}
        self.patch(f"/api/v1/nodes/{NODE.name}", node)
        self.patch(f"/api/v1/nodes/{NODE.name}/status", {"status": status})
        arguments = ("--kubeconfig", str(directory / "kubeconfig"), "--node", NODE.name)
        self.proxy = self._start("-m", "svcproof.reference_proxy", *arguments)

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self.bench.command("node", sys.executable, *arguments))

    def curl(self, url: str, *options: str) -> str:
        """The status that a request made on the node is answered with; 000 where it is not."""
        quiet = ("-sk", "-o", "/dev/null", "-w", "%{http_code}", "-H", f"Authorization: Bearer {TOKEN}")
        asked = subprocess.run(
            self.bench.command("node", "curl", *quiet, *options, url), capture_output=True, text=True
        )
        return asked.stdout

    def put(self, path: str, item: dict[str, Any]) -> None:
        body = ("-H", "Content-Type: application/json", "-d", json.dumps(item))
        assert self.curl(f"https://127.0.0.1:{PORT}{path}", *body) == "201"

    def patch(self, path: str, change: dict[str, Any]) -> None:
        body = ("-X", "PATCH", "-H", "Content-Type: application/merge-patch+json", "-d", json.dumps(change))
        assert self.curl(f"https://127.0.0.1:{PORT}{path}", *body) == "200"

    def endpoints(self, *pods: str) -> dict[str, Any]:
        return {
            "kind": "EndpointSlice",
            "apiVersion": "discovery.k8s.io/v1",
            "metadata": {"name": "web-1", "labels": {"kubernetes.io/service-name": "web"}},
            "addressType": "IPv4",
            "ports": [{"name": "", "port": 8080}],
            "endpoints": [{"addresses": [PODS[pod]], "nodeName": NODE.name} for pod in pods],
        }

    def answers(self) -> str:
        return self.bench.ask("outside", NODE.addresses[0], NODE_PORT)[0].split()[0]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with bench() as node:
        node.serve("pod-1", 8080)
        node.serve("pod-2", 8080)
        made = Site(node, tmp_path)
        yield made
        for program in (made.proxy, made.server):
            program.kill()
            program.wait()


def test_the_program_follows_every_change_and_leaves_its_rules(site: Site) -> None:
    assert until(lambda: site.curl(HEALTH) == "200")
    site.put(SERVICES, WEB)
    assert until(lambda: site.curl(f"http://{NODE.addresses[0]}:{CHECK}/") == "503")
    site.put(SLICES, site.endpoints("pod-1"))
    assert until(lambda: site.answers() == "pod-1")
    assert until(lambda: site.curl(f"http://{NODE.addresses[0]}:{CHECK}/") == "200")
    site.patch(f"{SLICES}/web-1", {"endpoints": site.endpoints("pod-2")["endpoints"]})
    assert until(lambda: site.answers() == "pod-2")
    site.proxy.terminate()
    assert site.proxy.wait(5) == 0
    assert site.answers() == "pod-2"
    assert "hook prerouting" in site.bench.run("node", "nft", "list", "table", "ip", TABLE)


def test_the_program_outlives_its_api_server(site: Site) -> None:
    site.put(SERVICES, WEB)
    site.put(SLICES, site.endpoints("pod-1"))
    assert until(lambda: site.answers() == "pod-1")
    site.server.kill()
    site.server.wait()
    assert site.answers() == "pod-1"
    site.server = site._start(str(Path(__file__).with_name("api_server.py")), str(site.directory), str(PORT))
    assert until(lambda: site.answers() == "ConnectionRefusedError")
    assert site.proxy.poll() is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--fault", "x"), "no such fault: x; there are: service-proxy-name-ignored, "),
        ((), "the kubeconfig /nowhere cannot be used: FileNotFoundError"),
    ],
)
def test_what_it_cannot_do_it_says(arguments: tuple[str, ...], said: str) -> None:
    command = [sys.executable, "-m", "svcproof.reference_proxy", "--kubeconfig", "/nowhere", "--node", "n", *arguments]
    refused = subprocess.run(command, capture_output=True, text=True)
    assert refused.returncode == 1
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr
