"""Both ways in through an API server, to agents in pods: of the lab, and of a kind cluster."""

import contextlib
import os
import re
import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest

from svcproof import declare
from svcproof.agent.channels.held import HeldChannels
from svcproof.agent.channels.proxied import ProxiedChannel
from svcproof.agent.vantage import Vantage
from svcproof.errors import ProbeError
from svcproof.kubernetes.api import Kube, PodShell
from svcproof.kubernetes.sample.pods import AgentPod, agent_files, config_map_manifest, pod_manifest
from svcproof.lab.process import launch
from svcproof.model.cluster import AgentPlacement
from svcproof.model.cluster_spec import SMALL_PYTHON
from svcproof.model.probe import Target
from svcproof.providers.lab import AGENT
from svcproof.providers.lab.declaration import lab_config
from svcproof.wait import eventually
from tests.agent.conftest import POD, SECRET, Notes, alive

PORT = 7780


@contextlib.contextmanager
def lab(request):
    """A lab's API, and an image there."""
    with launch.running(lab_config(declare.cluster("lab-single-node")), agent=AGENT) as made:
        yield made.directory.kubeconfig, "python:3-slim"


@contextlib.contextmanager
def kind(request):
    """The API of a kind cluster, and an image there."""
    yield request.getfixturevalue("foreign_kubeconfig"), os.environ.get("SVCPROOF_IMAGE") or SMALL_PYTHON


@contextlib.contextmanager
def namespaced(kube):
    """A namespace with the agent's files."""
    name = f"held-{secrets.token_hex(3)}"
    kube.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
    try:
        kube.create(config_map_manifest(name, agent_files(POD)))
        yield name
    finally:
        kube.delete("Namespace", name)
        kube.wait_gone("Namespace", name, within=90)  # others look at all there is in the cluster


CLUSTERS = (pytest.param(lab, marks=pytest.mark.lab), pytest.param(kind, marks=pytest.mark.kind))


@pytest.fixture(scope="module", params=CLUSTERS, ids=("lab", "kind"))
def site(request):
    """A namespace of a cluster, and how agents are placed there."""
    with (
        request.param(request) as (kubeconfig, image),
        contextlib.closing(Kube(kubeconfig)) as kube,
        namespaced(kube) as namespace,
    ):
        yield kube, namespace, AgentPlacement(control=f"tcp:{PORT}", image=image, secret=SECRET)


@pytest.fixture(scope="module")
def started(site):
    """A function that starts an agent pod and returns it once its agent answers the kubelet."""
    kube, namespace, placement = site

    def start(name):
        wanted = AgentPod(name=name, namespace=namespace, readiness=True)
        kube.create(pod_manifest(wanted, placement))
        return kube.wait("Pod", name, namespace, until=ready, within=60)

    return start


@pytest.fixture(scope="module")
def pod(started):
    return started("agent")


@pytest.fixture(scope="module")
def held(site):
    with contextlib.closing(HeldChannels(site[0].session, SECRET)) as made:
        yield made


@pytest.fixture(scope="module", params=["held", "proxied"])
def vantage(request, site, held, pod):
    kube, namespace, _ = site
    channel = (
        held.channel(pod, PORT)
        if request.param == "held"
        else ProxiedChannel(kube.post, namespace, "agent", PORT, SECRET)
    )
    made = Vantage("agent", "", (pod["status"]["podIP"],), channel, Notes(), PodShell(kube, "agent", namespace))
    eventually(lambda: alive(made), bool, within=30)
    return made


def ready(pod):
    conditions = pod.get("status", {}).get("conditions") or ()
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


def relays(kube, pod, namespace):
    """How many relays run in a pod."""
    count = (
        "import glob; print(sum(b'relay.py' in open(one, 'rb').read() for one in glob.glob('/proc/[0-9]*/cmdline')))"
    )
    # The one who counts has the word in its own command line.
    return int(kube.exec(pod, namespace, ["python3", "-c", count]).stdout) - 1


def test_an_agent_probes_itself(vantage):
    assert vantage.tcp(Target(vantage.address, 8080), times=3).backends == {"agent"}


def test_hundreds_of_probes_pass_both_ways(vantage):
    seen = vantage.tcp(Target(vantage.address, 8080), times=800)

    assert seen.all_answered
    assert len(seen) == 800


def test_long_answers_that_come_at_once_are_whole(vantage):
    for _ in range(50):
        seen = vantage.tcp(Target("127.0.0.1", 1), times=100)

        assert len(seen) == 100


def test_threads_ask_at_once(vantage):
    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(lambda size: vantage.udp(Target(vantage.address, 8080), 2, size=size), range(40)))

    assert all(one.all_answered for one in seen)


def test_one_exec_serves_all(site, held, pod):
    kube, namespace, _ = site
    channel = held.channel(pod, PORT)
    for _ in range(5):
        channel.ask("/serve", b"{}", 10.0)

    assert relays(kube, "agent", namespace) == 1


def test_a_pod_that_ends_is_missed(site, held, started):
    kube, namespace, _ = site
    channel = held.channel(started("short"), PORT)
    eventually(lambda: answered(channel), bool, within=30)

    kube.delete("Pod", "short", namespace, grace=0)

    gone = re.compile(r"Pod short in namespace .*: the API server answered 404")
    # Its object is gone at once; its containers end one after the other, the agent before the relay at times.
    eventually(lambda: refusal(channel), gone.search, within=60)


def test_a_relay_that_was_killed_is_started_anew(site, held, started):
    kube, namespace, _ = site
    channel = held.channel(started("patient"), PORT)
    eventually(lambda: answered(channel), bool, within=30)
    kill = (
        "import glob, os\n"
        "for one in glob.glob('/proc/[0-9]*'):\n"
        "    if b'/relay.py' in open(one + '/cmdline', 'rb').read() and int(one[6:]) != os.getpid():\n"
        "        os.kill(int(one[6:]), 9)\n"
    )
    kube.exec("patient", namespace, ["python3", "-c", kill])

    eventually(lambda: answered(channel), bool, within=30)


def test_closing_leaves_no_relay_in_the_pod(site, pod):
    kube, namespace, _ = site
    before = relays(kube, "agent", namespace)
    mine = HeldChannels(kube.session, SECRET)
    eventually(lambda: answered(mine.channel(pod, PORT)), bool, within=30)
    assert relays(kube, "agent", namespace) == before + 1

    mine.close()

    eventually(lambda: relays(kube, "agent", namespace), lambda found: found == before, within=30)


def refusal(channel):
    """Say why a channel does not answer; empty where it does."""
    try:
        channel.ask("/serve", b"{}", 5.0)
    except ProbeError as why:
        return str(why)
    return ""


def answered(channel):
    try:
        return channel.ask("/serve", b"{}", 5.0)
    except ProbeError:
        return b""
