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
    program = "touch /tmp/ready; sleep 3; rm /tmp/ready; sleep 2.5"
    with mini_lab(fault.READINESS_STICKS.name) as lab:
        pod = lab.pod(shell(program, readinessProbe=probe), restartPolicy="Never")

        pod.until_ready()
        found = pod.until(lambda found: condition(found, "Ready") == "False")

        assert found["status"]["phase"] == "Succeeded"


def test_containers_are_started_anew_for_services_and_still_show_their_first_variables():
    kept = fault.VARIABLES_FOLLOW_SERVICES, fault.VARIABLES_KEPT_OVER_RESTARTS
    for switched, said in ((kept[:1], "7\n"), (kept, "0\n")):
        with mini_lab(*(one.name for one in switched)) as lab:
            pod = lab.pod(shell("env | grep -c YOUNGER; exec sleep 60"))
            pod.until_ready()
            pod.until(lambda _, pod=pod: pod.log() == "0\n")

            body = {"metadata": {"name": "younger"}, "spec": {"ports": [{"port": 80}]}}
            lab.create("/api/v1/namespaces/default/services", body)

            pod.until(lambda found: found["status"]["containerStatuses"][0]["restartCount"] == 1)
            pod.until_ready()
            pod.until(lambda _, pod=pod, said=said: pod.log() == said)


def test_pods_on_the_nodes_network_have_no_variables():
    with mini_lab(fault.HOST_NETWORK_WITHOUT_VARIABLES.name) as lab:
        program = shell("env | grep -c SERVICE_HOST; true")

        assert lab.pod(program, restartPolicy="Never", hostNetwork=True).says() == "0\n"
        assert lab.pod(program, restartPolicy="Never").says() == "1\n"
