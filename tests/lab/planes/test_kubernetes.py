"""A lab with a control plane of Kubernetes itself: used by hand, and by the core profile."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from svcproof import binaries, declare
from svcproof.errors import UsageError
from svcproof.lab.components import API_SERVER, CONTROLLER_MANAGER, ETCD
from svcproof.model.verdict import Ruling
from svcproof.model.vocabulary import Capability
from svcproof.providers import lab
from svcproof.providers.lab import LabCluster
from svcproof.report import runfile

# The core profile alone takes minutes where other tests run beside it.
pytestmark = [pytest.mark.lab, pytest.mark.timeout(1200)]
NAME = "lab-kubernetes"
FAULT = "controllers/selector-ignored"
NEEDED = (ETCD, API_SERVER, CONTROLLER_MANAGER)
CUSTOM = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: colours.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: colours, kind: Colour}
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
"""
Kubectl = Callable[..., str]


@pytest.fixture(scope="module", autouse=True)
def at_hand() -> None:
    if missing := [name for name in NEEDED if binaries.look(name) is None]:
        pytest.skip(f"no {', no '.join(missing)} at hand: scripts/obtain {' '.join(missing)}")


@pytest.fixture(scope="module")
def cluster() -> Iterator[LabCluster]:
    with lab.up(declare.cluster(NAME), declare.proxy("reference"), faults=(), progress=lambda step: None) as made:
        yield made


@pytest.fixture(scope="module")
def kubectl(cluster: LabCluster, tmp_path_factory: pytest.TempPathFactory) -> Kubectl:
    program, cache = binaries.find("kubectl").path, tmp_path_factory.mktemp("kubectl")
    environment = {**os.environ, "KUBECONFIG": str(cluster.kubeconfig), "KUBECACHEDIR": str(cache)}

    def run(*arguments: str, stdin: str = "", code: int = 0) -> str:
        done = subprocess.run(
            [program, *arguments], env=environment, input=stdin, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == code, done.stderr
        return done.stdout + done.stderr

    return run


def test_pods_of_a_deployment_run_and_can_be_used_through_the_api_server(kubectl: Kubectl) -> None:
    kubectl("create", "deployment", "web", "--image=nginx")
    kubectl("wait", "--for=condition=Available", "deployment/web", "--timeout=50s")
    kubectl("exec", "deployment/web", "--", "sh", "-c", "echo heard >/proc/1/fd/1")

    assert kubectl("exec", "deployment/web", "--", "echo", "seen") == "seen\n"
    assert "heard" in kubectl("logs", "deployment/web")


def test_kinds_that_the_builtin_plane_lacks_are_at_work(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=CUSTOM)
    kubectl("wait", "--for=condition=Established", "crd/colours.example.com", "--timeout=50s")
    kubectl("create", "namespace", "limited")
    kubectl("create", "quota", "none", "--hard=pods=0", "--namespace=limited")
    reported = "--for=jsonpath={.status.hard.pods}=0"
    kubectl("wait", reported, "resourcequota/none", "--timeout=50s", "--namespace=limited")


def test_an_account_may_do_what_it_has_a_role_for(kubectl: Kubectl) -> None:
    question = ("auth", "can-i", "list", "services", "--as=system:serviceaccount:default:default")
    before = kubectl(*question, code=1)
    kubectl("create", "clusterrolebinding", "viewers", "--clusterrole=view", "--serviceaccount=default:default")

    assert (before, kubectl(*question)) == ("no\n", "yes\n")


def test_kinds_that_are_acted_on_are_not_warned_of(kubectl: Kubectl) -> None:
    made = kubectl("create", "cronjob", "clock", "--image=busybox", "--schedule=* * * * *", "--", "date")

    assert made == "cronjob.batch/clock created\n"


def test_a_fault_of_the_labs_own_controllers_is_refused() -> None:
    declared = declare.cluster(NAME)

    with (
        pytest.raises(UsageError, match=f"{FAULT} .* `controlPlane: builtin`"),
        lab.up(declared, None, faults=(FAULT,), progress=lambda step: None),
    ):
        pass


def test_the_core_profile_has_the_verdicts_that_it_has_on_the_builtin_plane(tmp_path: Path) -> None:
    lacking = lab.capabilities(declare.cluster("lab"))
    command = [sys.executable, "-m", "svcproof", "run", "--cluster", NAME, "--profile", "core", "--workers", "2"]
    ran = subprocess.run([*command, "--results", str(tmp_path)], capture_output=True, text=True, timeout=1100)

    rulings = {verdict.behaviour: verdict.ruling for verdict in runfile.load(tmp_path).verdicts()}
    differing = {
        behaviour.id: ruling
        for behaviour, ruling in rulings.items()
        if ruling not in expected(behaviour.capabilities & lacking.keys())
    }

    assert rulings, ran.stdout + ran.stderr
    assert differing == {}, ran.stdout


def expected(lacking: frozenset[Capability]) -> tuple[Ruling, ...]:
    """The rulings of the reference proxy on the builtin plane, where tests show them behaviour by behaviour."""
    return (Ruling.UNTESTABLE,) if lacking else (Ruling.PASS, Ruling.RECORDED)
