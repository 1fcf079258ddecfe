"""hostPath volumes: what is there, what is made on demand, and what is refused."""

from pathlib import Path
from typing import Any

import pytest

from tests.lab.kubelet.conftest import MiniLab, Pod, shell

pytestmark = pytest.mark.lab

HERE = str(Path(__file__).parent)
ABSENT = "/var/lib/svcproof-test-not-there"


def pod_with(lab: MiniLab, script: str, source: dict[str, Any], **mount: Any) -> Pod:
    container = shell(script, volumeMounts=[{"name": "data", "mountPath": "/data", **mount}])
    return lab.pod(container, restartPolicy="Never", volumes=[{"name": "data", "hostPath": source}])


def failure(lab: MiniLab, pod: Pod) -> str:
    """The message of the event that says why the pod's volumes are not there."""

    def message() -> str:
        events = lab.ask("GET", "/api/v1/namespaces/default/events")[1]["items"]
        ours = [event for event in events if event["involvedObject"]["name"] == pod.name]
        return next((event["message"] for event in ours if event["reason"] == "FailedMount"), "")

    pod.until(lambda _: message())
    return message()


@pytest.mark.parametrize("kind", ["", "DirectoryOrCreate"])
def test_a_directory_is_made_on_demand_and_shared_on_the_node_but_not_on_the_machine(lab: MiniLab, kind: str):
    source = {"path": f"{ABSENT}{kind}", **({"type": kind} if kind else {})}

    assert pod_with(lab, "ls /data; echo kept >/data/file", source).says() == ""
    assert pod_with(lab, "cat /data/file", source).says() == "kept\n"
    assert pod_with(lab, "ls /data", {"path": f"{ABSENT}{kind}/deeper/still"}).says() == ""
    assert not Path(f"{ABSENT}{kind}").exists()


def test_a_file_is_made_on_demand_in_a_directory_that_exists(lab: MiniLab):
    source = {"path": "/run/svcproof-test.lock", "type": "FileOrCreate"}
    assert pod_with(lab, "test -f /data && echo x >>/data && cat /data", source).says() == "x\n"

    pod = pod_with(lab, "true", {"path": "/var/lib/svcproof-nowhere/file", "type": "FileOrCreate"})
    assert failure(lab, pod).endswith("open /var/lib/svcproof-nowhere/file: no such file or directory")


@pytest.mark.parametrize(
    ("kind", "path", "noun"),
    [
        ("Directory", ABSENT + "-at-all", "directory"),
        ("Directory", __file__, "directory"),
        ("DirectoryOrCreate", __file__, "directory"),
        ("File", ABSENT + "-at-all", "file"),
        ("File", HERE, "file"),
        ("FileOrCreate", HERE, "file"),
        ("Socket", "/var/run/docker.sock", "socket file"),
        ("CharDevice", __file__, "character device"),
        ("BlockDevice", "/dev/null", "block device"),
    ],
)
def test_a_path_of_another_type_is_refused_in_the_kubelets_words(lab: MiniLab, kind: str, path: str, noun: str):
    pod = pod_with(lab, "true", {"path": path, "type": kind})

    why = f"hostPath type check failed: {path} is not a {noun}"
    assert failure(lab, pod) == f'MountVolume.SetUp failed for volume "data" : {why}'


@pytest.mark.parametrize("kind", ["", "Directory", "DirectoryOrCreate"])
def test_what_the_machine_has_can_be_read_only(lab: MiniLab, kind: str):
    script = f"ls /data/{Path(__file__).name}; touch /data/new 2>/dev/null || echo read-only"

    pod = pod_with(lab, script, {"path": HERE, "type": kind})

    assert pod.says() == f"/data/{Path(__file__).name}\nread-only\n"


def test_a_missing_sub_path_of_the_machine_is_not_made_there(lab: MiniLab):
    pod = pod_with(lab, "true", {"path": HERE}, subPath="svcproof-not-there")

    def waiting(found: Any) -> Any:
        states = found["status"].get("containerStatuses") or [{}]
        return states[0].get("state", {}).get("waiting", {}).get("reason") == "CreateContainerConfigError"

    pod.until(waiting)
    assert not Path(HERE, "svcproof-not-there").exists()


def test_the_labs_own_files_are_hidden(lab: MiniLab):
    assert pod_with(lab, "ls -A /data", {"path": str(lab.directory)}).says() == ""
    assert pod_with(lab, f"ls -A /data{lab.directory}", {"path": "/"}).says() == ""


@pytest.mark.parametrize("volume", [{"emptyDir": {}}, {"hostPath": {"path": ABSENT + "-links"}}])
def test_a_link_leads_out_of_no_volume(lab: MiniLab, volume: dict[str, Any]):
    up = "../" * 20
    mounts = [{"name": "data", "mountPath": "/data"}]
    linking = shell(f"ln -s {up}var/lib /data/link", "linking", volumeMounts=mounts)
    writing = shell("touch /data/new", volumeMounts=[{**mounts[0], "subPath": "link"}])
    volumes = [{"name": "data", **volume}]
    pod = lab.pod(writing, initContainers=[linking], volumes=volumes, restartPolicy="Never")

    pod.until(lambda found: "leads out of its volume" in str(found["status"]))


def test_a_link_leads_out_of_no_host_path(lab: MiniLab):
    up = "../" * 20
    source = {"path": f"{ABSENT}-trap"}
    assert pod_with(lab, f"ln -s {up}var/lib /data/link", source).says() == ""

    pod = pod_with(lab, "touch /data/svcproof-escaped", {"path": f"{ABSENT}-trap/link"})

    assert "leads out of" in failure(lab, pod)


def test_a_configmap_that_would_be_written_elsewhere_than_into_its_volume_is_refused(lab: MiniLab):
    items = [{"key": "a", "path": "../" * 20 + "var/lib/svcproof-escaped"}]
    volumes = [{"name": "data", "configMap": {"name": "escaping", "items": items}}]
    container = {"name": "it", "image": "busybox", "volumeMounts": [{"name": "data", "mountPath": "/data"}]}
    body = {"metadata": {"name": "escapes"}, "spec": {"containers": [container], "volumes": volumes}}

    status, refusal = lab.ask("POST", "/api/v1/namespaces/default/pods", body)

    assert status == 422
    assert "must not contain '..'" in refusal["message"]
    assert not Path("/var/lib/svcproof-escaped").exists()
