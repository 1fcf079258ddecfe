"""The lab as a whole: kubectl, pods and a proxy, each unmodified, on one kernel."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from svcproof import binaries, declare
from svcproof.model.cluster import Shell
from svcproof.providers import lab
from svcproof.providers.lab.cluster import LabCluster
from svcproof.wait import eventually

# A first run builds kube-proxy, which takes minutes.
pytestmark = [pytest.mark.lab, pytest.mark.timeout(1800)]
Kubectl = Callable[..., str]
SERVER = ("--image=python:3-slim", "--port=8000", "--", "python3", "-m", "http.server", "8000")
SECONDS = 20
DIAL = """
import sys, urllib.request
try:
    print(urllib.request.urlopen(sys.argv[1], timeout=2).status)
except OSError as error:
    print(error)
"""


@pytest.fixture(scope="module", params=["reference", "kube-proxy-nftables", "kube-proxy-iptables"])
def cluster(request: pytest.FixtureRequest) -> Iterator[LabCluster]:
    spec, proxy = declare.cluster("lab"), declare.proxy(request.param)
    with lab.up(spec, proxy, faults=(), progress=lambda step: None) as made:
        yield made


@pytest.fixture(scope="module")
def kubectl(cluster: LabCluster, tmp_path_factory: pytest.TempPathFactory) -> Kubectl:
    return on(cluster, tmp_path_factory.mktemp("kubectl"))


def on(cluster: LabCluster, cache: Path) -> Kubectl:
    program = binaries.find("kubectl").path
    environment = {**os.environ, "KUBECONFIG": str(cluster.kubeconfig), "KUBECACHEDIR": str(cache)}

    def run(*arguments: str) -> str:
        done = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="module")
def service(kubectl: Kubectl) -> dict[str, str | int]:
    """A Service of two pods: its ClusterIP and its node port."""
    kubectl("create", "deployment", "web", "--replicas=2", *SERVER)
    kubectl("expose", "deployment", "web", "--port=80", "--target-port=8000", "--type=NodePort")
    kubectl("wait", "--for=condition=Available", "deployment/web", "--timeout=50s")
    spec = json.loads(kubectl("get", "service", "web", "-o", "json"))["spec"]
    return {"address": spec["clusterIP"], "port": spec["ports"][0]["nodePort"]}


def answers(run: Callable[[tuple[str, ...]], str], url: str) -> None:
    eventually(lambda: run(("python3", "-c", DIAL, url)), lambda said: said.strip() == "200", within=SECONDS)


def said(shell: Shell) -> Callable[[tuple[str, ...]], str]:
    return lambda argv: shell.run(argv).stdout.decode()


def test_every_node_is_ready(kubectl: Kubectl):
    rows = kubectl("get", "nodes", "--no-headers").splitlines()

    assert [row.split()[:2] for row in rows] == [[f"node-{letter}", "Ready"] for letter in "abc"]


def test_a_cluster_ip_is_served_on_every_node(cluster: LabCluster, service: dict[str, str | int]):
    for node in cluster.nodes:
        answers(said(cluster.node_shell(node.name)), f"http://{service['address']}/")


def test_a_cluster_ip_is_served_to_a_pod(kubectl: Kubectl, service: dict[str, str | int]):
    answers(lambda argv: kubectl("exec", "deployment/web", "--", *argv), f"http://{service['address']}/")


def test_a_node_port_is_served_to_the_outside(cluster: LabCluster, service: dict[str, str | int]):
    for node in cluster.nodes:
        answers(said(cluster.outside[0].shell), f"http://{node.addresses[0]}:{service['port']}/")


def test_a_service_is_found_by_its_name(kubectl: Kubectl, service: dict[str, str | int]):
    answers(lambda argv: kubectl("exec", "deployment/web", "--", *argv), "http://web.default.svc/")


def test_a_fault_of_the_controllers_reaches_them(tmp_path: Path):
    spec = declare.cluster("lab-single-node")
    with lab.up(spec, None, faults=("controllers/selector-ignored",), progress=lambda step: None) as cluster:
        kubectl = on(cluster, tmp_path)
        kubectl("run", "stranger", *SERVER)
        kubectl("create", "service", "clusterip", "web", "--tcp=80")
        slices = ("get", "endpointslices", "-l", "kubernetes.io/service-name=web", "-o", "json")
        found = eventually(lambda: kubectl(*slices), lambda said: "stranger" in said, within=SECONDS)

    assert json.loads(found)["items"][0]["endpoints"][0]["targetRef"]["name"] == "stranger"
