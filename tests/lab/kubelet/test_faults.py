"""Faults that show in a running pod only; those of pure functions are tested with these."""

from collections.abc import Iterator

import pytest

from harness.lab.faults import kubelet as fault
from tests.lab.kubelet.conftest import MiniLab, condition, mini_lab, shell

pytestmark = pytest.mark.lab

NEVER_READY = {"exec": {"command": ["false"]}, "periodSeconds": 1}
DEAF = "trap '' TERM; while true; do sleep 0.1; done"


@pytest.fixture(scope="module")
def faulty() -> Iterator[MiniLab]:
    switched = (
        fault.REPORTS_READY_AT_ONCE,
        fault.IGNORES_TERMINATION_GRACE,
        fault.ONLY_FIRST_CONTAINER_GETS_VARIABLES,
        fault.GENERATED_OVER_DECLARED,
        fault.NO_EXPANSION,
    )
    with mini_lab(*(one.name for one in switched)) as lab:
        yield lab


def test_a_pod_is_ready_despite_its_probe(faulty: MiniLab):
    faulty.pod(shell("exec sleep 60", readinessProbe=NEVER_READY)).until_ready()


def test_a_pod_is_killed_without_its_grace_period(faulty: MiniLab):
    pod = faulty.pod(shell(DEAF), terminationGracePeriodSeconds=60)
    pod.until_ready()

    pod.delete()

    pod.until_gone()


def test_the_second_container_has_no_variables_and_declared_ones_lose(faulty: MiniLab):
    declared = [{"name": "KUBERNETES_SERVICE_HOST", "value": "mine"}, {"name": "X", "value": "$(KUBERNETES_PORT)"}]
    pod = faulty.pod(
        shell("echo $KUBERNETES_SERVICE_HOST $X", env=declared),
        shell("echo none: $KUBERNETES_SERVICE_HOST", "d"),
        restartPolicy="Never",
    )

    assert pod.says() == "10.96.0.1 $(KUBERNETES_PORT)\n"
    assert pod.log("d") == "none:\n"


def test_a_ready_container_stays_ready():
    probe = {"exec": {"command": ["test", "-e", "/tmp/ready"]}, "periodSeconds": 1, "failureThreshold": 1}
    program = "touch /tmp/ready; sleep 1.2; rm /tmp/ready; sleep 2.5"
    with mini_lab(fault.READINESS_STICKS.name) as lab:
        pod = lab.pod(shell(program, readinessProbe=probe), restartPolicy="Never")

        pod.until_ready()
        found = pod.until(lambda found: condition(found, "Ready") == "False")

        assert found["status"]["phase"] == "Succeeded"
