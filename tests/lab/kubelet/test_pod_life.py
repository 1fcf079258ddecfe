import pytest

from tests.lab.kubelet.conftest import MiniLab, condition, phase, python, shell, sleeper

pytestmark = pytest.mark.lab


def test_a_pod_runs_on_its_node_with_an_address_of_the_nodes_range(lab: MiniLab):
    found = lab.pod().until_ready()

    assert found["status"]["phase"] == "Running"
    assert found["status"]["hostIP"] == "172.30.0.11"
    assert found["status"]["podIP"].startswith("10.244.1.")
    assert found["status"]["podIPs"] == [{"ip": found["status"]["podIP"]}]


def test_a_pod_that_ends_well_succeeds_and_is_not_ready(lab: MiniLab):
    pod = lab.pod(shell("exit 0"), restartPolicy="Never")

    found = pod.until_finished()

    assert phase(found) == "Succeeded"
    assert condition(found, "Ready") == "False"
    assert found["status"]["containerStatuses"][0]["state"]["terminated"]["reason"] == "Completed"


def test_a_pod_that_ends_badly_fails_with_the_exit_code(lab: MiniLab):
    found = lab.pod(shell("exit 7"), restartPolicy="Never").until_finished()

    assert phase(found) == "Failed"
    assert found["status"]["containerStatuses"][0]["state"]["terminated"]["exitCode"] == 7


def test_a_container_that_ends_is_started_again(lab: MiniLab):
    pod = lab.pod(shell("echo started; exit 1"), restartPolicy="OnFailure")

    found = pod.until(lambda pod: pod["status"].get("containerStatuses", [{}])[0].get("restartCount"))

    assert found["status"]["containerStatuses"][0]["lastState"]["terminated"]["exitCode"] == 1


def test_init_containers_run_in_order_before_the_others(lab: MiniLab):
    share = {"volumeMounts": [{"name": "v", "mountPath": "/data"}]}
    pod = lab.pod(
        shell("cat /data/order", **share),
        restartPolicy="Never",
        volumes=[{"name": "v", "emptyDir": {}}],
        initContainers=[
            shell("sleep 0.1; echo one >>/data/order", "one", **share),
            shell("echo two >>/data/order", "two", **share),
        ],
    )

    assert pod.says() == "one\ntwo\n"


def test_a_failed_init_container_keeps_the_others_from_starting(lab: MiniLab):
    pod = lab.pod(shell("true"), restartPolicy="Never", initContainers=[shell("exit 3", "init")])

    found = pod.until_finished()

    assert phase(found) == "Failed"
    assert found["status"]["containerStatuses"][0]["state"]["waiting"]["reason"] == "PodInitializing"


def test_a_restartable_init_container_runs_beside_the_others_and_ends_after_them(lab: MiniLab):
    pod = lab.pod(
        shell("sleep 0.2"), restartPolicy="Never", initContainers=[sleeper("sidecar", restartPolicy="Always")]
    )

    found = pod.until_finished()

    assert phase(found) == "Succeeded"
    assert "terminated" in found["status"]["initContainerStatuses"][0]["state"]


def test_a_pod_on_the_nodes_network_has_the_nodes_name_and_address(lab: MiniLab):
    pod = lab.pod(shell("hostname; cat /etc/hosts"), restartPolicy="Never", hostNetwork=True)

    said = pod.says()

    assert said.splitlines()[0] == "node-a"
    assert pod.name not in said
    assert pod.get()["status"]["podIP"] == "172.30.0.11"


def test_an_unknown_image_is_said_to_be_one_with_a_hint(lab: MiniLab):
    pod = lab.pod({"name": "c", "image": "example.com/nothing:1"})

    found = pod.until(lambda pod: "ImagePullBackOff" in str(pod))

    waiting = found["status"]["containerStatuses"][0]["state"]["waiting"]
    assert "python" in waiting["message"]
    assert phase(found) == "Pending"


def test_a_command_that_is_not_there_is_named(lab: MiniLab):
    found = lab.pod({"name": "c", "image": "busybox", "command": ["no-such"]}, restartPolicy="Never").until_finished()

    ended = found["status"]["containerStatuses"][0]["state"]["terminated"]
    assert ended["reason"] == "StartError"
    assert 'exec: "no-such": executable file not found in $PATH' in ended["message"]


def test_a_pod_over_its_deadline_fails(lab: MiniLab):
    found = lab.pod(activeDeadlineSeconds=1).until_finished()

    assert phase(found) == "Failed"
    assert found["status"]["reason"] == "DeadlineExceeded"


def test_a_deleted_pod_gets_sigterm_and_goes_on_being_ready_until_it_ends(lab: MiniLab):
    program = """
import signal, time
signal.signal(signal.SIGTERM, lambda *_: (print("told", flush=True), time.sleep(3), exit()))
print("up", flush=True)
signal.pause()"""
    pod = lab.pod(python(program), terminationGracePeriodSeconds=10)
    pod.until(lambda found: condition(found, "Ready") == "True" and "up" in pod.log())

    pod.delete()

    pod.until(lambda _: "told" in pod.log())
    assert condition(pod.get(), "Ready") == "True"
    pod.until_gone()


def test_a_pod_that_ignores_sigterm_is_killed_when_the_grace_period_ends(lab: MiniLab):
    pod = lab.pod(shell("trap '' TERM; while true; do sleep 0.1; done"))
    pod.until_ready()

    pod.delete()

    pod.until_gone()


def test_pre_stop_runs_before_sigterm(lab: MiniLab):
    share = {"volumeMounts": [{"name": "v", "mountPath": "/data"}]}
    hook = {"preStop": {"exec": {"command": ["sh", "-c", "echo stop >/data/hook; sleep 0.3"]}}}
    program = "trap 'cat /data/hook; exit 0' TERM; while true; do sleep 0.05; done"
    sidecar = shell("trap '' TERM; sleep 60", "keep")
    pod = lab.pod(
        shell(program, lifecycle=hook, **share),
        sidecar,
        volumes=[{"name": "v", "emptyDir": {}}],
        terminationGracePeriodSeconds=3,
    )
    pod.until_ready()

    pod.delete()

    pod.until(lambda _: "stop" in pod.log())
    pod.until_gone()


def test_an_object_deleted_by_force_takes_its_processes_with_it(lab: MiniLab):
    pod = lab.pod(shell("trap '' TERM; sleep 60"), terminationGracePeriodSeconds=60)
    uid = pod.until_ready()["metadata"]["uid"]

    pod.delete("?gracePeriodSeconds=0")

    pod.until_gone()
    pod.until(lambda _: not (lab.directory / "pods" / uid).exists())
