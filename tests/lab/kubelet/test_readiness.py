import pytest

from tests.lab.kubelet.conftest import MiniLab, condition, python, shell, sleeper

pytestmark = pytest.mark.lab

CHECK = {"exec": {"command": ["test", "-e", "/tmp/ready"]}, "periodSeconds": 1, "failureThreshold": 1}


def test_a_container_is_ready_only_when_its_probe_says_so(lab: MiniLab):
    pod = lab.pod(shell("sleep 3; touch /tmp/ready; sleep 60", readinessProbe=CHECK))

    early = pod.until(lambda found: found["status"].get("phase") == "Running")
    assert condition(early, "Ready") == "False"
    assert condition(early, "ContainersReady") == "False"

    pod.until_ready()


def test_readiness_is_lost_when_the_probe_fails(lab: MiniLab):
    pod = lab.pod(shell("touch /tmp/ready; sleep 3; rm /tmp/ready; sleep 60", readinessProbe=CHECK))
    pod.until_ready()

    found = pod.until(lambda found: condition(found, "Ready") == "False")

    assert found["status"]["containerStatuses"][0]["restartCount"] == 0


def test_an_http_probe_asks_the_pods_address_from_the_node(lab: MiniLab):
    program = """
import http.server
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        print(self.path, self.client_address[0], self.headers["User-Agent"], flush=True)
        self.send_response(204); self.end_headers()
http.server.HTTPServer(("", 8080), Answer).serve_forever()"""
    probe = {"httpGet": {"path": "/ready", "port": "web"}, "periodSeconds": 1}
    pod = lab.pod(python(program, readinessProbe=probe, ports=[{"name": "web", "containerPort": 8080}]))

    pod.until_ready()

    assert pod.log().splitlines()[-1].startswith("/ready 172.30.0.11 kube-probe/") or "/ready" in pod.log()


def test_a_tcp_probe_needs_a_listener(lab: MiniLab):
    probe = {"tcpSocket": {"port": 9000}, "periodSeconds": 1, "failureThreshold": 1}
    pod = lab.pod(sleeper(readinessProbe=probe))
    listening = lab.pod(
        python("import socket, time; s = socket.create_server(('', 9000)); time.sleep(60)", readinessProbe=probe)
    )

    listening.until_ready()

    assert condition(pod.get(), "Ready") == "False"


def test_a_container_that_fails_its_liveness_probe_is_started_again(lab: MiniLab):
    probe = {"exec": {"command": ["false"]}, "periodSeconds": 1, "failureThreshold": 1}
    pod = lab.pod(shell("exec sleep 60", livenessProbe=probe))

    pod.until(lambda found: found["status"].get("containerStatuses", [{}])[0].get("restartCount"))


def test_the_other_probes_wait_for_the_startup_probe(lab: MiniLab):
    startup = {"exec": {"command": ["test", "-e", "/tmp/up"]}, "periodSeconds": 1, "failureThreshold": 30}
    pod = lab.pod(shell("sleep 3; touch /tmp/up; sleep 60", startupProbe=startup))

    early = pod.until(lambda found: found["status"].get("phase") == "Running")
    assert early["status"]["containerStatuses"][0]["started"] is False

    pod.until_ready()


def test_a_readiness_gate_holds_the_pod_back_until_somebody_opens_it(lab: MiniLab):
    pod = lab.pod(readinessGates=[{"conditionType": "example.com/gate"}])
    found = pod.until(lambda found: condition(found, "ContainersReady") == "True")
    assert condition(found, "Ready") == "False"

    gate = {"status": {"conditions": [{"type": "example.com/gate", "status": "True"}]}}
    lab.ask("PATCH", pod.path + "/status", gate, "application/strategic-merge-patch+json")

    pod.until_ready()
