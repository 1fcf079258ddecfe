import json
from pathlib import Path

import pytest

from svcproof.lab.kubelet import images
from tests.lab.kubelet.conftest import MiniLab, Pod, condition, shell

pytestmark = pytest.mark.lab

AGNHOST = "registry.k8s.io/e2e-test-images/agnhost:2.53"


def fetch(lab: MiniLab, url: str) -> str:
    """What a pod on the other node gets from `url`."""
    program = f"import urllib.request; print(urllib.request.urlopen('{url}', timeout=5).read().decode(), end='')"
    client = {"name": "c", "image": "python", "command": ["python3", "-c", program]}
    return lab.pod(client, restartPolicy="Never", nodeName="node-b").says()


def serving(lab: MiniLab, image: str, *args: str) -> Pod:
    port = {"tcpSocket": {"port": 80 if not args else 8080}, "periodSeconds": 1}
    pod = lab.pod({"name": "c", "image": image, "args": list(args), "readinessProbe": port})
    pod.until_ready()
    return pod


def address(pod: Pod) -> str:
    return str(pod.get()["status"]["podIP"])


@pytest.mark.parametrize("image", ["nginx", "nginx:1.27-alpine", "docker.io/library/nginx:latest"])
def test_nginx_has_its_welcome_page_on_port_80(lab: MiniLab, image: str):
    assert "Welcome to nginx!" in fetch(lab, f"http://{address(serving(lab, image))}/")


def test_nginx_serves_what_is_mounted_at_its_document_root(lab: MiniLab):
    page = {"metadata": {"name": "page"}, "data": {"index.html": "mine"}}
    lab.create("/api/v1/namespaces/default/configmaps", page)
    probe = {"tcpSocket": {"port": 80}, "periodSeconds": 1}
    mount = {"name": "page", "mountPath": "/usr/share/nginx/html"}
    pod = lab.pod(
        {"name": "c", "image": "nginx", "volumeMounts": [mount], "readinessProbe": probe},
        volumes=[{"name": "page", "configMap": {"name": "page"}}],
    )
    pod.until_ready()

    assert fetch(lab, f"http://{address(pod)}/") == "mine"


@pytest.mark.parametrize(
    ("image", "root"), [("nginx", "/usr/share/nginx/html"), ("httpd:2.4", "/usr/local/apache2/htdocs")]
)
def test_the_document_root_of_a_web_server_is_its_own_and_can_be_written(lab: MiniLab, image: str, root: str):
    container = {"image": image, "readinessProbe": {"tcpSocket": {"port": 80}, "periodSeconds": 1}}
    write = {"postStart": {"exec": {"command": ["sh", "-c", f"echo mine > {root}/index.html"]}}}
    written = lab.pod({**container, "name": "c", "lifecycle": write})
    other = lab.pod({**container, "name": "c"})
    written.until_ready()
    other.until_ready()

    assert fetch(lab, f"http://{address(written)}/") == "mine\n"
    assert "<h1>" in fetch(lab, f"http://{address(other)}/")


def test_a_container_that_starts_again_has_the_image_s_document_root_again(lab: MiniLab):
    root = "/usr/share/nginx/html"
    script = f"cat {root}/index.html; echo mine > {root}/index.html; exit 1"
    pod = lab.pod({"name": "c", "image": "nginx", "command": ["sh", "-c", script]})
    pod.until(lambda seen: (seen["status"].get("containerStatuses") or [{}])[0].get("restartCount", 0) > 0)
    pod.until(lambda _: pod.log())  # It counts as started a moment before it has printed anything.

    assert "Welcome to nginx!" in pod.log()
    assert "mine" not in pod.log()


def test_agnhost_says_who_it_is_and_who_asks(lab: MiniLab):
    pod = serving(lab, AGNHOST, "netexec", "--http-port=8080", "--udp-port=8081")
    base = f"http://{address(pod)}:8080"

    assert fetch(lab, f"{base}/hostname") == pod.name
    assert fetch(lab, f"{base}/clientip").startswith("10.244.2.")
    dialled = fetch(lab, f"{base}/dial?request=hostname&protocol=udp&host={address(pod)}&port=8081&tries=2")
    assert json.loads(dialled) == {"responses": [pod.name, pod.name]}
    assert json.loads(fetch(lab, f"{base}/shell?cmd=echo%20hi")) == {"output": "hi\n"}


def test_agnhost_serves_its_hostname_over_tcp_and_udp(lab: MiniLab):
    pod = serving(lab, AGNHOST, "serve-hostname", "--http=false", "--tcp", "--udp", "--port=8080")

    assert ask(lab, f"echo hostName | /clients/nc.py -t -w 2 {address(pod)} 8080") == f"{pod.name}0\n"
    assert ask(lab, f"echo hostName | /clients/nc.py -u -w 1 {address(pod)} 8080").startswith(pod.name)


def test_agnhost_serves_on_while_its_shutdown_is_delayed(lab: MiniLab):
    probe = {"httpGet": {"port": 8080, "path": "/readyz"}, "periodSeconds": 1, "failureThreshold": 1}
    args = ["netexec", "--http-port=8080", "--delay-shutdown=60"]
    pod = lab.pod(
        {"name": "c", "image": AGNHOST, "args": args, "readinessProbe": probe}, terminationGracePeriodSeconds=60
    )
    pod.until_ready()
    pod.delete()
    pod.until(lambda seen: condition(seen, "Ready") == "False")

    assert fetch(lab, f"http://{address(pod)}:8080/hostname") == pod.name
    pod.delete("?gracePeriodSeconds=0")


def test_agnhost_serves_what_the_environment_says(lab: MiniLab):
    probe = {"tcpSocket": {"port": 8080}, "periodSeconds": 1}
    environment = [{"name": "SERVE_PORT_8080", "value": "first"}, {"name": "SERVE_UDP_PORT_9090", "value": "second"}]
    container = {"name": "c", "image": AGNHOST, "args": ["porter", "--json-response"], "env": environment}
    pod = lab.pod({**container, "readinessProbe": probe})
    pod.until_ready()

    assert json.loads(fetch(lab, f"http://{address(pod)}:8080/")) == {"Method": "GET", "Body": "first"}
    assert ask(lab, f"echo x | /clients/nc.py -u -w 1 -p 4000 {address(pod)} 9090") == "second0\n"


def test_agnhost_prints_what_a_pod_is_told_about_names(lab: MiniLab):
    names = {"nameservers": ["10.96.0.99"], "searches": ["one.example", "two.example"]}

    def say(command: str) -> str:
        container = {"name": "c", "image": AGNHOST, "args": [command]}
        return lab.pod(container, restartPolicy="Never", dnsPolicy="None", dnsConfig=names).says()

    assert say("dns-suffix") == "one.example,two.example\n"
    assert say("dns-server-list") == "10.96.0.99\n"


def test_agnhost_connect_tells_refused_from_timeout(lab: MiniLab):
    target = serving(lab, "nginx")

    def connect(port: int, timeout: str) -> str:
        command = f"/agnhost connect {address(target)}:{port} --timeout={timeout} && echo ok"
        return lab.pod(
            {"name": "c", "image": AGNHOST, "command": ["sh", "-c", f"{command} 2>&1; true"]}, restartPolicy="Never"
        ).says()

    assert connect(80, "3s") == "ok\n"
    assert connect(81, "3s") == "REFUSED\n"


def test_a_declared_image_without_a_command_listens_on_the_ports_of_the_container(lab: MiniLab):
    ports = [{"containerPort": 6379}, {"containerPort": 53, "protocol": "UDP"}]
    probe = {"tcpSocket": {"port": 6379}, "periodSeconds": 1}
    redis = {"name": "c", "image": "redis:alpine", "command": ["redis-server"], "ports": ports, "readinessProbe": probe}
    pod = lab.pod(redis)
    pod.until_ready()

    assert fetch(lab, f"http://{address(pod)}:6379/") == f"{pod.name}\n"
    assert ask(lab, f"echo PING | /clients/nc.py -u -w 1 {address(pod)} 53") == "PING\n0\n"


def test_a_declared_command_is_the_entrypoint(lab: MiniLab):
    assert (
        lab.pod({"name": "c", "image": "team/app:7", "args": ["echo $((6 * 7))"]}, restartPolicy="Never").says()
        == "42\n"
    )


@pytest.mark.parametrize(
    ("image", "args", "port", "text"),
    [
        ("hashicorp/http-echo:1.0", ["-text=hello there", "-listen=:8080"], 8080, "hello there\n"),
        ("hashicorp/http-echo", ["-text", "hello"], 5678, "hello\n"),
        ("traefik/whoami", [], 80, "GET / HTTP/1.1\n"),
        ("registry.k8s.io/echoserver:1.10", [], 8080, "Request Information:"),
        ("registry.k8s.io/serve_hostname", [], 9376, "pod-"),
        ("us-docker.pkg.dev/google-samples/containers/gke/hello-app:2.0", [], 8080, "Hello, world!"),
    ],
)
def test_images_of_tutorials_serve_what_they_are_known_for(
    lab: MiniLab, image: str, args: list[str], port: int, text: str
):
    probe = {"tcpSocket": {"port": port}, "periodSeconds": 1}
    pod = lab.pod({"name": "c", "image": image, "args": args, "readinessProbe": probe})
    pod.until_ready()

    assert text in fetch(lab, f"http://{address(pod)}:{port}/")


def test_a_shell_image_runs_commands_of_this_machine(lab: MiniLab):
    assert lab.pod(shell("echo $((6 * 7))"), restartPolicy="Never").says() == "42\n"


CLIENTS = Path(images.__file__).parent / "programs" / "clients"


def ask(lab: MiniLab, command: str) -> str:
    """What a client of ours says, whether or not this machine has the real one."""
    mount = [{"name": "clients", "mountPath": "/clients"}]
    where = [{"name": "clients", "hostPath": {"path": str(CLIENTS)}}]
    return lab.pod(shell(f"{command} 2>&1; echo $?", volumeMounts=mount), restartPolicy="Never", volumes=where).says()


def test_our_clients_speak_as_the_real_ones(lab: MiniLab):
    pod = serving(lab, AGNHOST, "netexec", "--http-port=8080", "--udp-port=8081")
    there = address(pod)

    assert ask(lab, f"/clients/curl.py -q -s --connect-timeout 2 http://{there}:8080/hostname") == f"{pod.name}0\n"
    assert ask(lab, f"/clients/curl.py -s -o /dev/null -w '%{{http_code}}\\n' {there}:8080/none") == "404\n0\n"
    assert ask(lab, f"/clients/curl.py -s {there}:9").endswith("7\n")
    assert ask(lab, f"/clients/wget.py -qO- http://{there}:8080/hostname") == f"{pod.name}0\n"
    assert ask(lab, f"echo hostname | /clients/nc.py -u -w 1 {there} 8081") == f"{pod.name}0\n"
    assert ask(lab, f"echo serverport | /clients/nc.py -u -w 1 {there} 8081") == "80810\n"
    assert ask(lab, f"/clients/nc.py -v -t -z -w 2 {there} 8080").endswith("succeeded!\n0\n")
    assert ask(lab, f"/clients/nc.py -z -w 2 {there} 9").endswith("1\n")
    assert "no servers could be reached" in ask(lab, f"/clients/nslookup.py -timeout=0.2 web.default. {there}")
