"""HTTP to pods and Services through the API server."""

import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.lab.apiserver.conftest import Ask
from tests.lab.apiserver.serving import TOKEN, Served

NAMESPACE = "/api/v1/namespaces/proxying"
SLICES = "/apis/discovery.k8s.io/v1/namespaces/proxying/endpointslices"


class Echo(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        answer = f'{{"path": "{self.path}", "body": {body}, "authorization": "{self.headers.get("Authorization")}"}}'
        self.send_response(202)
        self.end_headers()
        self.wfile.write(answer.encode())

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Nothing is to be written to the terminal."""


@pytest.fixture
def port() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def _namespace(ask: Ask) -> None:
    ask("POST", "/api/v1/namespaces", {"metadata": {"name": "proxying"}})


@pytest.fixture
def pod(ask: Ask, port: int) -> str:
    spec = {"containers": [{"name": "main", "image": "x", "ports": [{"containerPort": port}]}]}
    ask("POST", f"{NAMESPACE}/pods", {"metadata": {"name": "echo"}, "spec": spec})
    ask("PATCH", f"{NAMESPACE}/pods/echo/status", {"status": {"podIP": "127.0.0.1"}}, "application/merge-patch+json")
    return "echo"


@pytest.mark.parametrize("name", ["echo", "echo:{port}", "http:echo:{port}"])
def test_a_pod_gets_the_request_without_the_callers_credentials(ask: Ask, pod: str, port: int, name: str) -> None:
    answer = ask("POST", f"{NAMESPACE}/pods/{name.format(port=port)}/proxy/a/b?c=d", 1)

    assert answer == (202, {"path": "/a/b?c=d", "body": 1, "authorization": "None"})


def test_a_service_leads_to_an_endpoint(ask: Ask, port: int) -> None:
    spec = {"ports": [{"name": "web", "port": 80}]}
    ask("POST", f"{NAMESPACE}/services", {"metadata": {"name": "web"}, "spec": spec})
    status, message = ask("POST", f"{NAMESPACE}/services/web/proxy/", 1)
    endpoint_slice = {
        "metadata": {"name": "web-1", "labels": {"kubernetes.io/service-name": "web"}},
        "addressType": "FQDN",
        "endpoints": [{"addresses": ["localhost"]}],
        "ports": [{"name": "web", "port": port}],
    }
    ask("POST", SLICES, endpoint_slice)

    assert (status, message["message"]) == (503, 'no endpoints available for service "web"')
    assert ask("POST", f"{NAMESPACE}/services/web:web/proxy/x", 1)[1]["path"] == "/x"


def test_a_pod_that_does_not_answer_is_unavailable(ask: Ask, pod: str) -> None:
    status, answer = ask("POST", f"{NAMESPACE}/pods/echo:1/proxy/", 1)

    assert (status, answer["reason"]) == (503, "ServiceUnavailable")


def test_a_kubelet_is_spoken_to_over_tls(ask: Ask, server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    port = int(server.https.rpartition(":")[2])
    monkeypatch.setattr("svcproof.lab.apiserver.subresources.proxy.KUBELET_PORT", port)
    status = {"addresses": [{"type": "InternalIP", "address": "127.0.0.1"}]}
    ask("POST", "/api/v1/nodes", {"metadata": {"name": "here"}, "status": status})

    assert ask("GET", "/api/v1/nodes/here/proxy/api")[1]["reason"] == "Unauthorized"


def test_a_root_without_its_slash_is_redirected_to(server: Served, pod: str) -> None:
    connection = HTTPConnection(server.url.removeprefix("http://"), timeout=10)
    path = f"{NAMESPACE}/pods/{pod}/proxy"
    connection.request("GET", f"{path}?a=b", headers={"Authorization": f"Bearer {TOKEN}"})
    answer = connection.getresponse()
    connection.close()

    assert (answer.status, answer.getheader("Location")) == (301, f"{path}/?a=b")
