"""A small lab, started once: pods are asked for and looked at through its API."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from tenacity import retry, retry_if_exception_type, retry_if_result, stop_after_delay, wait_fixed

from svcproof import binaries
from svcproof.lab.layout import ImageConfig, LabConfig, NodeConfig, layout
from svcproof.lab.process import init
from svcproof.lab.process.credentials import write_certificates
from svcproof.lab.process.requirements import namespaces
from svcproof.lab.process.settings import encoded

CONFIG = LabConfig(
    nodes=(NodeConfig("node-a", zone="zone-a"), NodeConfig("node-b")),
    outside=0,
    images=(ImageConfig("redis"), ImageConfig("team/*", command=("sh", "-c"))),
)
MINI_LAB = Path(__file__).with_name("mini_lab.py")
PODS = "/api/v1/namespaces/{}/pods"


@dataclass
class MiniLab:
    """Where the lab's API is, and words for what the tests do with it."""

    url: str
    directory: Path
    numbers: Iterator[int] = field(default_factory=count)

    def ask(self, method: str, path: str, body: Any = None, kind: str = "application/json") -> tuple[int, Any]:
        status, answer = self.fetch(method, path, body, kind)
        return status, json.loads(answer)

    def fetch(self, method: str, path: str, body: Any = None, kind: str = "application/json") -> tuple[int, bytes]:
        content = None if body is None else json.dumps(body).encode()
        with closing(HTTPConnection("lab", timeout=10)) as connection:
            connection.sock = socket.socket(socket.AF_UNIX)
            connection.sock.connect(str(self.directory / "api.sock"))
            connection.request(method, path, content, {"Content-Type": kind, "Accept": "application/json, */*"})
            answer = connection.getresponse()
            return answer.status, answer.read()

    def create(self, path: str, body: Any) -> Any:
        status, made = self.ask("POST", path, body)
        assert status == 201, made
        return made

    def pod(self, *containers: dict[str, Any], namespace: str = "default", labels: Any = None, **spec: Any) -> "Pod":
        """Bind a pod to node-a; without containers, one that sleeps."""
        name = f"pod-{next(self.numbers)}"
        body = {
            "metadata": {"name": name, "labels": labels or {}},
            "spec": {
                "nodeName": "node-a",
                "terminationGracePeriodSeconds": 1,
                "containers": list(containers) or [sleeper()],
                **spec,
            },
        }
        self.create(PODS.format(namespace), body)
        return Pod(self, name, namespace)

    @cached_property
    def kubectl_program(self) -> str:
        return str(binaries.find("kubectl").path)

    def kubectl(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.kubectl_command(*arguments), input=stdin, capture_output=True, text=True, timeout=30)

    def kubectl_command(self, *arguments: str) -> list[str]:
        cache = str(self.directory / "kubectl-cache")
        authority = str(self.directory / "certificates" / "ca.crt")
        where = ["--server", self.url, "--certificate-authority", authority, "--token", "t"]
        where += ["--kubeconfig", "/dev/null", "--cache-dir", cache]
        return [self.kubectl_program, *where, *arguments]


@dataclass
class Pod:
    """One pod of the lab."""

    lab: MiniLab
    name: str
    namespace: str

    @property
    def path(self) -> str:
        return f"{PODS.format(self.namespace)}/{self.name}"

    def get(self) -> Any:
        return self.lab.ask("GET", self.path)[1]

    def until(self, holds: Callable[[Any], Any], within: float = 15) -> Any:
        """The object, once `holds` of it."""

        @retry(
            stop=stop_after_delay(within),
            wait=wait_fixed(0.05),
            retry=retry_if_result(lambda found: found is None),
            retry_error_callback=lambda _: pytest.fail(f"not within {within} s: {json.dumps(self.get(), indent=1)}"),
        )
        def look() -> Any:
            found = self.get()
            return found if holds(found) else None

        return look()

    def until_ready(self) -> Any:
        return self.until(lambda pod: condition(pod, "Ready") == "True")

    def until_finished(self) -> Any:
        return self.until(lambda pod: phase(pod) in ("Succeeded", "Failed"))

    def delete(self, query: str = "") -> None:
        self.lab.ask("DELETE", self.path + query)

    def until_gone(self) -> None:
        self.until(lambda pod: pod.get("reason") == "NotFound")

    def log(self, container: str = "c", **query: object) -> str:
        words = "&".join(f"{name}={value}" for name, value in {"container": container, **query}.items())
        status, text = self.lab.fetch("GET", f"{self.path}/log?{words}")
        assert status == 200, text
        return text.decode()

    def says(self, container: str = "c") -> str:
        """What a container that ends by itself wrote."""
        self.until_finished()
        return self.log(container)


def sleeper(name: str = "c", **more: Any) -> dict[str, Any]:
    """A container that starts at once and ends at once."""
    return {"name": name, "image": "registry.k8s.io/pause:3.10", **more}


def python(program: str, name: str = "c", **more: Any) -> dict[str, Any]:
    """A container that runs a Python program."""
    return {"name": name, "image": "python:3.12-slim", "command": ["python3", "-c", program], **more}


def shell(program: str, name: str = "c", **more: Any) -> dict[str, Any]:
    """A container that runs a shell script."""
    return {"name": name, "image": "busybox:1.36", "command": ["sh", "-c", program], **more}


def phase(pod: Any) -> str:
    return str(pod.get("status", {}).get("phase"))


def condition(pod: Any, kind: str) -> str:
    conditions = pod.get("status", {}).get("conditions", ())
    return next((one["status"] for one in conditions if one["type"] == kind), "")


@contextmanager
def mini_lab(*faults: str, within: Sequence[str] = namespaces()) -> Iterator[MiniLab]:
    with TemporaryDirectory(prefix="kl") as directory, socket.create_server(("127.0.0.1", 0)) as listener:
        for part in ("agents", "pods", "certificates"):
            Path(directory, part).mkdir()
        write_certificates(Path(directory, "certificates"), layout(CONFIG))
        lab = [sys.executable, str(MINI_LAB), json.dumps(encoded(CONFIG)), directory, str(listener.fileno()), *faults]
        command = [*within, sys.executable, init.__file__, *lab]
        lifeline, held = os.pipe()
        with subprocess.Popen(command, stdin=lifeline, pass_fds=[listener.fileno()]) as process:
            os.close(lifeline)
            try:
                made = MiniLab(f"https://127.0.0.1:{listener.getsockname()[1]}", Path(directory))
                _until_up(made, process)
                yield made
            finally:
                os.close(held)
                process.wait(10)


@retry(
    stop=stop_after_delay(20), wait=wait_fixed(0.05), retry=retry_if_exception_type(OSError | LookupError), reraise=True
)
def _until_up(lab: MiniLab, process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is not None:
        pytest.fail(f"the mini lab ended with {process.returncode}")
    if len(lab.ask("GET", "/api/v1/nodes")[1]["items"]) < len(CONFIG.nodes):
        raise LookupError("not all nodes are registered")


@pytest.fixture(scope="session")
def lab() -> Iterator[MiniLab]:
    with mini_lab() as made:
        yield made
