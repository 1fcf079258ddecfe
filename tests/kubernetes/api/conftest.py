import asyncio
import contextlib
import json
import socket
import threading

import pytest
from aiohttp import web

from svcproof.errors import ProbeError
from svcproof.kubernetes.api import Kube
from svcproof.lab.apiserver import ApiConfig, application
from svcproof.lab.layout import layout
from svcproof.model.cluster_spec import ClusterSpec, NodeSpec
from svcproof.wait import provisioned
from tests.real_plane import TOKEN, programs, real_api_server

SPEC = ClusterSpec(
    provider="lab",
    nodes=(NodeSpec(name="node-a"),),
    pod_ranges=("10.244.0.0/16",),
    service_ranges=("10.96.0.0/16",),
    node_ranges=("192.168.77.0/24",),
)


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
    with real_api_server(directory, programs(), layout(SPEC), left_out=("ServiceAccount",)) as server:
        yield Kube(server.kubeconfig)


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
