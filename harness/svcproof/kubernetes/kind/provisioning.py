"""Provisions of a kind cluster for a run: images, the proxy under test, MetalLB, clients outside.

`Provisioning.provide` is the walk; steps that do not wait for each other go on beside one another.
"""

import secrets
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import ExitStack, closing
from dataclasses import dataclass
from threading import Thread
from typing import TypeVar

from svcproof.declare import manifests
from svcproof.kubernetes import metallb
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.cluster import discovery, health
from svcproof.kubernetes.cluster.reach import OutsidePlace, ProxyPods, Reach
from svcproof.kubernetes.kind import images, load_balancer, node_image, outside_clients
from svcproof.kubernetes.kind.engine import Engine, network
from svcproof.kubernetes.kind.tools import MadeCluster, Tools
from svcproof.kubernetes.objects.cluster_access import ClusterAccess
from svcproof.kubernetes.swap import install_proxy
from svcproof.limits import Provision, Request, carried
from svcproof.model.cluster import Node, Progress
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.proxy_spec import ProxySpec
from svcproof.model.vocabulary import Capability
from svcproof.wait import empty, provisioned


@dataclass(frozen=True, slots=True, kw_only=True)
class Provisioning:
    """Everything that a made cluster is to be provided with: images, the proxy, MetalLB, clients outside."""

    tools: Tools
    cluster: MadeCluster
    spec: ClusterSpec
    proxy: ProxySpec
    image: str
    """Of the sample pods and the clients outside, by a name that the engine has it under."""
    lacking: Mapping[Capability, str]
    progress: Progress

    def provide(self, until: ExitStack) -> Reach:
        """Provide all of it until the stack closes; raises ProvisionError where something does not come up.

        The images get into the nodes, and the clients outside start, while the nodes become ready; MetalLB needs
        Services, and so the proxy.
        """
        tools, cluster, spec = self.tools, self.cluster, self.spec
        kube = until.enter_context(closing(Kube(cluster.kubeconfig)))
        secret = secrets.token_hex(16)
        names = tuple(f"{cluster.name}-{node.name}" for node in spec.nodes)
        loading = begin_beside(lambda: self._load_images(names))
        clients = begin_beside(lambda: self._start_outside_clients(kube, names, secret))
        until.callback(clients.exception)  # Whatever ends the rest, no client is made after they were removed.
        nodes = self._await_nodes(kube, names)
        loading.result()
        access = ClusterAccess(
            kube=kube, kubeconfig=cluster.kubeconfig, token=cluster.entry.token, ends_with_run=not cluster.kept,
            status_on_node=lambda node, url: http_status(tools.engine, node, url),
        )  # fmt: skip
        under_test = until.enter_context(install_proxy(access, self.proxy, self.progress))
        pods = ProxyPods(namespace=under_test.namespace, selector=under_test.selector)
        serving = load_balancer.provide_load_balancer(tools, cluster, spec, self.lacking, access, pods, self.progress)
        places = clients.result()
        return Reach(
            spec=self._completed_spec(kube),
            kubeconfig=str(cluster.kubeconfig),
            token=cluster.entry.token,
            secret=secret,
            image=self.image,
            nodes=nodes,
            outside=places,
            enter_node=(tools.engine.name, "exec"),
            lacking={**self.lacking, **serving.lacking},
            versions={**component_versions(tools, kube, nodes[0].name), **serving.versions, **under_test.versions},
            proxy=pods,
            evidence=self.proxy.evidence.commands,
        )

    def _load_images(self, nodes: tuple[str, ...]) -> None:
        proxy_images = manifests.images_in(self.proxy.install.manifests)
        all_images = (self.image, *self.spec.kind.load, *proxy_images, *self._metallb_images())
        images.load(self.tools, self.cluster.name, nodes, all_images, self.cluster.entry.directory, self.progress)

    def _metallb_images(self) -> tuple[str, ...]:
        if Capability.LOAD_BALANCER in self.lacking:
            return ()
        return metallb.manifest(self.spec.metallb, self.progress).images

    def _await_nodes(self, kube: Kube, names: tuple[str, ...]) -> tuple[Node, ...]:
        self.progress("waiting for the nodes")
        expected, well = tuple(Node(name, ()) for name in names), empty("All nodes are there and Ready.")
        words = f"the nodes of {self.cluster.name}"
        provisioned(words, lambda: health.cluster_trouble(kube, expected), well, Provision.NODES_READY)
        return tuple(sorted(discovery.nodes(kube), key=lambda node: names.index(node.name)))

    def _start_outside_clients(self, kube: Kube, names: tuple[str, ...], secret: str) -> tuple[OutsidePlace, ...]:
        clients = tuple(f"outside-{index + 1}" for index in range(self.spec.outside))
        if not clients:
            return ()
        engine, token = self.tools.engine, self.cluster.entry.token
        self.progress(f"starting {' and '.join(clients)}, outside the cluster")
        outside_clients.start(engine, network(engine).name, self.image, clients, token, secret)
        image = engine.image_of(names[0])
        services = self.spec.service_ranges or discovery.service_ranges(kube, {})
        ranges = (*services, *self.spec.external_ranges)
        gateways = outside_clients.addresses(engine, names[0])
        for client in clients:
            outside_clients.route(engine, image, token, client, ranges, gateways)
        return tuple(outside_clients.place(engine, token, client, self.spec.families) for client in clients)

    def _completed_spec(self, kube: Kube) -> ClusterSpec:
        ranges = network(self.tools.engine).ranges
        discovered = discovery.completed(kube, self.spec, kube.list("Node"))
        more = {
            "node_ranges": tuple(
                network for family in self.spec.families for network in ranges if f"ipv{network.version}" == family
            ),
            "load_balancer_pool": metallb.address_pools(kube),
        }
        return discovered.model_copy(update=more)


Result = TypeVar("Result")


def begin_beside(step: Callable[[], Result]) -> "Future[Result]":
    """Begin a step in a thread of its own, beside others, and return what will have its result or its error.

    The thread does not keep the process from ending: a step that hangs must not keep Ctrl-C from being heeded.
    """
    future: Future[Result] = Future()
    step = carried(step)

    def run() -> None:
        try:
            future.set_result(step())
        except BaseException as error:
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    return future


def component_versions(tools: Tools, kube: Kube, node: str) -> Mapping[str, str]:
    """The versions, by component, of what the data path is made of, and of what made it."""
    info = kube.get("Node", node)["status"]["nodeInfo"]
    nft = tools.engine.attempt("exec", node, "nft", "--version").stdout_text.split()
    return {
        "kubernetes": kube.version(),
        "kind": node_image.dotted(tools.kind.version).removeprefix("v"),
        tools.engine.name: tools.engine.version,
        "node image": tools.engine.run("inspect", "--format", "{{.Config.Image}}", node).strip(),
        "kernel": info["kernelVersion"],
        "containerd": info["containerRuntimeVersion"].removeprefix("containerd://"),
        **({"nft": nft[1].lstrip("v")} if len(nft) > 1 else {}),
    }


def http_status(engine: Engine, node: str, url: str) -> int:
    """Ask a URL on a node, and return the HTTP status; 0 where nothing answers."""
    words = ("curl", "--silent", "--output", "/dev/null", "--max-time", f"{Request.NODE_HEALTH.seconds:g}")
    answer = engine.attempt("exec", node, *words, "--write-out", "%{http_code}", url)
    return int(answer.stdout) if answer.stdout.strip().isdigit() else 0
