import asyncio
import contextlib
import json
import socket
import subprocess
import threading

import pytest
from aiohttp import web

from svcproof import binaries
from svcproof.errors import ProbeError
from svcproof.kubernetes.api import Kube
from svcproof.lab.apiserver import ApiConfig, application
from svcproof.lab.layout import layout
from svcproof.model.cluster_spec import ClusterSpec, NodeSpec
from svcproof.wait import provisioned

SPEC = ClusterSpec(
    provider="lab",
    nodes=(NodeSpec(name="node-a"),),
    pod_ranges=("10.244.0.0/16",),
    service_ranges=("10.96.0.0/16",),
    node_ranges=("192.168.77.0/24",),
)
TOKEN = "let-me-in"


def kubeconfig(directory, server):
    """A kubeconfig; JSON is YAML."""
    path = directory / "kubeconfig"
    cluster = {"server": server, **({"insecure-skip-tls-verify": True} if server.startswith("https") else {})}
    path.write_text(
        json.dumps(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "clusters": [{"name": "test", "cluster": cluster}],
                "users": [{"name": "test", "user": {"token": TOKEN}}],
                "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test"}}],
                "current-context": "test",
            }
        )
    )
    return path


@contextlib.contextmanager
def served(app):
    """Serve an aiohttp application on loopback, from a thread with a loop of its own; yields the URL."""
    loop = asyncio.new_event_loop()
    runner = web.AppRunner(app, shutdown_timeout=1)
    loop.run_until_complete(runner.setup())
    loop.run_until_complete(web.TCPSite(runner, "127.0.0.1", 0).start())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@contextlib.contextmanager
def builtin(directory):
    with served(application(ApiConfig(layout=layout(SPEC), token=TOKEN))) as url:
        yield Kube(kubeconfig(directory, url))


@contextlib.contextmanager
def real(directory):
    """A kube-apiserver with an etcd, both on loopback."""
    found = [binaries.look(name) for name in ("etcd", "kube-apiserver")]
    if None in found:
        pytest.skip("no kube-apiserver and etcd on this machine")
    ports = [free_port() for _ in range(3)]
    key = directory / "key.pem"
    subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
    (directory / "tokens").write_text(f"{TOKEN},admin,admin,system:masters\n")
    etcd = [
        *("--data-dir", directory / "etcd", "--unsafe-no-fsync"),
        *(f"--{what}=http://127.0.0.1:{ports[0]}" for what in ("listen-client-urls", "advertise-client-urls")),
        *(f"--{what}=http://127.0.0.1:{ports[1]}" for what in ("listen-peer-urls", "initial-advertise-peer-urls")),
        f"--initial-cluster=default=http://127.0.0.1:{ports[1]}",
    ]
    apiserver = [
        *(f"--etcd-servers=http://127.0.0.1:{ports[0]}", f"--secure-port={ports[2]}", "--bind-address=127.0.0.1"),
        *(f"--cert-dir={directory}", f"--token-auth-file={directory / 'tokens'}", "--authorization-mode=AlwaysAllow"),
        *(f"--service-account-key-file={key}", f"--service-account-signing-key-file={key}"),
        *("--service-account-issuer=https://test", "--service-cluster-ip-range=10.96.0.0/16"),
        "--disable-admission-plugins=ServiceAccount",
    ]
    with contextlib.ExitStack() as started, (directory / "log").open("wb") as log:
        for binary, arguments in zip(found, (etcd, apiserver), strict=True):
            process = subprocess.Popen([binary.path, *arguments], stdout=log, stderr=log)
            started.callback(process.wait)
            started.callback(process.kill)
        yield Kube(kubeconfig(directory, f"https://127.0.0.1:{ports[2]}"))


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as one:
        return one.getsockname()[1]


@pytest.fixture
def nobody(tmp_path):
    """A kubeconfig for a server that is not there."""
    return kubeconfig(tmp_path, f"http://127.0.0.1:{free_port()}")


@pytest.fixture(
    scope="session", params=[builtin, pytest.param(real, marks=pytest.mark.lab)], ids=lambda it: it.__name__
)
def kube(request, tmp_path_factory):
    """A client of the lab's API server, and of a real one where there is one."""
    with request.param(tmp_path_factory.mktemp("api")) as client, contextlib.closing(client):
        provisioned("the API server", lambda: there(client), lambda found: found is True, within=60)
        yield client


def there(client):
    try:
        return bool(client.get("Namespace", "default"))
    except ProbeError as why:
        return str(why)
