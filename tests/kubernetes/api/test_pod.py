import pytest

from svcproof import declare
from svcproof.errors import NotFound, ProbeError
from svcproof.kubernetes.api import Kube, PodShell
from svcproof.lab.process import launch
from svcproof.providers.lab import AGENT
from svcproof.providers.lab.declaration import lab_config

pytestmark = pytest.mark.lab
SCRIPT = "echo it begins; while :; do sleep 1; done"


@pytest.fixture(scope="module")
def kube():
    """A client of a lab with a pod in it that runs a shell."""
    with launch.running(lab_config(declare.cluster("lab-single-node")), agent=AGENT) as lab:
        client = Kube(lab.directory.kubeconfig)
        container = {"name": "main", "image": "busybox", "command": ["sh", "-c", SCRIPT]}
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "shell", "namespace": "default"}}
        client.create({**pod, "spec": {"containers": [container], "terminationGracePeriodSeconds": 0}})
        client.wait("Pod", "shell", "default", until=runs, within=60)
        yield client
        client.close()


def runs(pod):
    """The pod runs."""
    return pod.get("status", {}).get("phase") == "Running"


def test_a_command_runs_in_a_container(kube):
    ended = kube.exec("shell", "default", ["sh", "-c", "echo out; echo err >&2; exit 3"])

    assert (ended.code, ended.stdout, ended.stderr) == (3, b"out\n", b"err\n")


def test_a_command_that_does_not_end_is_given_up(kube):
    with pytest.raises(ProbeError, match="exec sleep 60 in Pod shell in namespace default"):
        kube.exec("shell", "default", ["sleep", "60"], timeout=0.5)


def test_one_command_after_another(kube):
    codes = [kube.exec("shell", "default", ["sh", "-c", f"exit {code}"]).code for code in range(20)]

    assert codes == list(range(20))


def test_a_pod_that_is_not_there_runs_nothing(kube):
    with pytest.raises(ProbeError, match="Pod none in namespace default"):
        kube.exec("none", "default", ["true"])


def test_a_shell_runs_in_its_pod(kube):
    ended = PodShell(kube, "shell", "default").run(("hostname",))

    assert ended.stdout == b"shell\n"


def test_logs_are_what_a_container_wrote(kube):
    assert kube.logs("shell", "default") == "it begins\n"


def test_logs_of_a_pod_that_is_not_there(kube):
    with pytest.raises(NotFound):
        kube.logs("none", "default")
