import os
import subprocess
from urllib.request import urlopen

import pytest

from tests.lab.kubelet.conftest import MiniLab, shell

pytestmark = pytest.mark.lab


def test_exec_brings_back_output_errors_and_the_exit_code(lab: MiniLab):
    pod = lab.pod()
    pod.until_ready()

    ran = lab.kubectl("exec", pod.name, "--", "sh", "-c", "hostname; echo oops >&2; exit 3")

    assert ran.stdout == f"{pod.name}\n"
    assert ran.stderr.startswith("oops\n")
    assert ran.returncode == 3


def test_exec_passes_standard_input_on_to_its_end(lab: MiniLab):
    pod = lab.pod()
    pod.until_ready()

    assert lab.kubectl("exec", "-i", pod.name, "--", "sort", stdin="b\na\n").stdout == "a\nb\n"


def test_exec_gives_a_terminal_where_one_is_asked_for(lab: MiniLab):
    pod = lab.pod()
    pod.until_ready()
    ours, theirs = os.openpty()
    command = lab.kubectl_command("exec", "-it", pod.name, "--", "sh", "-c", "tty && echo $TERM")

    with subprocess.Popen(command, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as ran:
        os.close(theirs)
        out, _ = ran.communicate(timeout=20)
    os.close(ours)

    assert out.startswith("/dev/pts/")
    assert "xterm" in out


def test_exec_names_a_command_that_is_not_there(lab: MiniLab):
    pod = lab.pod()
    pod.until_ready()

    ran = lab.kubectl("exec", pod.name, "--", "no-such-command")

    assert ran.returncode == 1
    assert 'exec: "no-such-command": executable file not found in $PATH' in ran.stderr


def test_exec_refuses_a_container_the_pod_does_not_have(lab: MiniLab):
    pod = lab.pod()
    pod.until_ready()

    assert (
        f"container other is not valid for pod {pod.name}"
        in lab.kubectl("exec", pod.name, "-c", "other", "--", "ls").stderr
    )


def test_files_are_copied_into_a_pod_and_back(lab: MiniLab, tmp_path):
    pod = lab.pod()
    pod.until_ready()
    (tmp_path / "there").write_text("content")

    lab.kubectl("cp", str(tmp_path / "there"), f"{pod.name}:/tmp/there")
    lab.kubectl("cp", f"{pod.name}:/tmp/there", str(tmp_path / "back"))

    assert (tmp_path / "back").read_text() == "content"


def test_logs_are_those_of_the_container_and_can_be_cut(lab: MiniLab):
    pod = lab.pod(shell("echo one; echo two; echo three"), shell("echo other", "d"), restartPolicy="Never")
    pod.until_finished()

    assert pod.log() == "one\ntwo\nthree\n"
    assert pod.log("d") == "other\n"
    assert pod.log(tailLines=1) == "three\n"
    assert pod.log(limitBytes=5) == "one\nt"
    assert pod.log(timestamps="true").splitlines()[0].endswith("Z one")


def test_logs_of_the_start_before_are_kept(lab: MiniLab):
    pod = lab.pod(shell("echo start; sleep 0.1; exit 1"))
    pod.until(lambda found: found["status"].get("containerStatuses", [{}])[0].get("restartCount"))

    assert pod.log(previous="true") == "start\n"


def test_followed_logs_come_as_they_are_written_and_end_with_the_container(lab: MiniLab):
    pod = lab.pod(shell("echo one; sleep 1; echo two"), restartPolicy="Never")
    pod.until(lambda found: found["status"].get("phase") == "Running")

    assert lab.kubectl("logs", "-f", pod.name).stdout == "one\ntwo\n"


def test_a_container_that_has_not_started_has_no_log_and_says_why(lab: MiniLab):
    pod = lab.pod({"name": "c", "image": "example.com/nothing:1"})
    pod.until(lambda found: "Image" in str(found.get("status")) or "ErrImagePull" in str(found))

    status, said = lab.ask("GET", f"{pod.path}/log")

    assert status == 400
    assert "is waiting to start" in said["message"]


def test_run_attaches_to_the_pod_it_makes(lab: MiniLab):
    overrides = '{"spec": {"nodeName": "node-b"}}'
    words = ("run", "attached", "--rm", "-i", "--image=busybox", "--restart=Never", "--overrides", overrides)

    ran = lab.kubectl(*words, "--", "sh", "-c", "sleep 0.5; cat", stdin="from here\n")

    assert "from here" in ran.stdout


def test_port_forward_reaches_a_port_of_the_pod(lab: MiniLab):
    pod = lab.pod({"name": "c", "image": "nginx", "readinessProbe": {"tcpSocket": {"port": 80}, "periodSeconds": 1}})
    pod.until_ready()
    command = lab.kubectl_command("port-forward", f"pod/{pod.name}", ":80", "--address=127.0.0.1")

    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as forward:
        assert forward.stdout is not None
        port = forward.stdout.readline().split()[2].rpartition(":")[2]
        try:
            pages = [urlopen(f"http://127.0.0.1:{port}/", timeout=10).read() for _ in range(3)]
        finally:
            forward.terminate()

    assert all(b"Welcome to nginx!" in page for page in pages)


def test_port_forward_says_when_nobody_listens(lab: MiniLab):
    pod = lab.pod()
    pod.until_ready()
    command = lab.kubectl_command("port-forward", f"pod/{pod.name}", ":81", "--address=127.0.0.1")

    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as forward:
        assert forward.stdout is not None
        port = forward.stdout.readline().split()[2].rpartition(":")[2]
        with pytest.raises(OSError):  # noqa: PT011 - kubectl resets or closes the connection
            urlopen(f"http://127.0.0.1:{port}/", timeout=10)
        said = "".join(forward.stdout.readline() for _ in range(2))
        forward.terminate()

    assert "error forwarding port 81" in said
    assert "connection refused" in said
