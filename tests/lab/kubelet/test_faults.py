"""Faults that show in a running pod only; those of pure functions are tested with these."""

from collections.abc import Iterator

import pytest

from tests.lab.kubelet.conftest import MiniLab, condition, mini_lab, shell

pytestmark = pytest.mark.lab

NEVER_READY = {"exec": {"command": ["false"]}, "periodSeconds": 1}
DEAF = "trap '' TERM; while true; do sleep 0.1; done"


@pytest.fixture(scope="module")
def faulty() -> Iterator[MiniLab]:
    switched = (
        "reports-ready-at-once",
        "ignores-termination-grace",
        "only-first-container-gets-variables",
        "generated-over-declared",
        "no-expansion",
    )
    with mini_lab(*switched) as lab:
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
    with mini_lab("readiness-sticks") as lab:
        pod = lab.pod(shell(program, readinessProbe=probe), restartPolicy="Never")

        pod.until_ready()
        found = pod.until(lambda found: condition(found, "Ready") == "False")

        assert found["status"]["phase"] == "Succeeded"


YOUNGER = {"metadata": {"name": "younger"}, "spec": {"ports": [{"port": 80}]}}
SERVICES = "/api/v1/namespaces/default/services"


def test_a_command_sees_the_services_of_the_moment():
    with mini_lab("variables-follow-services") as lab:
        pod = lab.pod()
        pod.until_ready()

        lab.create(SERVICES, YOUNGER)
        assert "YOUNGER_SERVICE_HOST" in lab.kubectl("exec", pod.name, "--", "env").stdout

        lab.ask("DELETE", f"{SERVICES}/younger")
        assert "YOUNGER" not in lab.kubectl("exec", pod.name, "--", "env").stdout


def test_a_container_started_again_has_the_variables_of_its_first_start(lab: MiniLab):
    with mini_lab("variables-kept-over-restarts") as kept:
        for stage, said in ((lab, "7\n"), (kept, "0\n")):
            liveness = {"exec": {"command": ["test", "!", "-e", "/tmp/end"]}, "periodSeconds": 1, "failureThreshold": 1}
            pod = stage.pod(shell("env | grep -c YOUNGER; exec sleep 60", livenessProbe=liveness))
            pod.until_ready()

            stage.create(SERVICES, YOUNGER)
            stage.kubectl("exec", pod.name, "--", "touch", "/tmp/end")

            pod.until(lambda found: found["status"]["containerStatuses"][0]["restartCount"] == 1)
            pod.until_ready()
            pod.until(lambda _, pod=pod, said=said: pod.log() == said)


def test_pods_on_the_nodes_network_have_no_variables():
    with mini_lab("host-network-without-variables") as lab:
        program = shell("env | grep -c SERVICE_HOST; true")

        assert lab.pod(program, restartPolicy="Never", hostNetwork=True).says() == "0\n"
        assert lab.pod(program, restartPolicy="Never").says() == "1\n"
