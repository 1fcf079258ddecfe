"""All that a run needs in and around a cluster of kind, beside the cluster."""

import secrets
from collections.abc import Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from svcproof.declare import manifests
from svcproof.kubernetes import metallb
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.cluster import discovery, health
from svcproof.kubernetes.cluster.reach import OutsidePlace, ProxyPods, Reach
from svcproof.kubernetes.kind import facts, images, load_balancer, outside
from svcproof.kubernetes.kind.background import begun
from svcproof.kubernetes.kind.house import House
from svcproof.kubernetes.kind.load_balancer import Served
from svcproof.kubernetes.kind.network import network
from svcproof.kubernetes.kind.tools import Tools
from svcproof.kubernetes.objects.cluster_access import ClusterAccess
from svcproof.kubernetes.swap import ProxyUnderTest, install_proxy
from svcproof.limits import Provision
from svcproof.model.cluster import Node, Progress
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.proxy_spec import ProxySpec
from svcproof.model.vocabulary import Capability
from svcproof.wait import provisioned


@dataclass(frozen=True, slots=True, kw_only=True)
class Furnishing:
    """What is to be put where."""

    tools: Tools
    house: House
    spec: ClusterSpec
    proxy: ProxySpec
    image: str
    """Of the sample pods and the clients outside, by a name that the engine has it under."""
    lacking: Mapping[Capability, str]
    progress: Progress

    def reach(self, until: ExitStack) -> Reach:
        """Furnish the cluster until the stack closes; raises ProvisionError where something does not come up.

        The images get into the nodes, and the clients outside start, while the nodes become ready; MetalLB needs
        Services, and so the proxy.
        """
        tools, house, spec = self.tools, self.house, self.spec
        kube = until.enter_context(closing(Kube(house.kubeconfig)))
        secret = secrets.token_hex(16)
        names = tuple(f"{house.name}-{node.name}" for node in spec.nodes)
        loading = begun(lambda: self._load(names))
        clients = begun(lambda: self._outside(kube, names, secret))
        until.callback(clients.exception)  # Whatever ends the rest, no client is made after they were removed.
        nodes = self._ready(kube, names)
        loading.result()
        access = ClusterAccess(
            kube=kube, kubeconfig=house.kubeconfig, token=house.entry.token, ends_with_run=not house.kept,
            status_on_node=lambda node, url: facts.status(tools.engine, node, url),
        )  # fmt: skip
        under_test = until.enter_context(install_proxy(access, self.proxy, self.progress))
        pods = ProxyPods(namespace=under_test.namespace, selector=under_test.selector)
        served = load_balancer.served(tools, house, spec, self.lacking, access, pods, self.progress)
        places = clients.result()
        return self._put_together(kube, nodes, secret, places, under_test, pods, served)

    def _put_together(
        self,
        kube: Kube,
        nodes: tuple[Node, ...],
        secret: str,
        places: tuple[OutsidePlace, ...],
        under_test: ProxyUnderTest,
        pods: ProxyPods,
        served: Served,
    ) -> Reach:
        tools, house = self.tools, self.house
        return Reach(
            spec=self._completed(kube),
            kubeconfig=str(house.kubeconfig),
            token=house.entry.token,
            secret=secret,
            image=self.image,
            nodes=nodes,
            outside=places,
            enter_node=(tools.engine.name, "exec"),
            lacking={**self.lacking, **served.lacking},
            versions={**facts.versions(tools, kube, nodes[0].name), **served.versions, **under_test.versions},
            proxy=pods,
        )

    def _load(self, nodes: tuple[str, ...]) -> None:
        wanted = (self.image, *self.spec.kind.load, *_images(self.proxy), *self._of_metallb())
        images.load(self.tools, self.house.name, nodes, wanted, self.house.entry.directory, self.progress)

    def _of_metallb(self) -> tuple[str, ...]:
        if Capability.LOAD_BALANCER in self.lacking:
            return ()
        return metallb.manifest(self.spec.metallb, self.progress).images

    def _ready(self, kube: Kube, names: tuple[str, ...]) -> tuple[Node, ...]:
        self.progress("waiting for the nodes")

        expected = tuple(Node(name, ()) for name in names)

        def well(trouble: str) -> bool:
            """All nodes are there and Ready."""
            return not trouble

        provisioned(
            f"the nodes of {self.house.name}", lambda: health.trouble(kube, expected), well, Provision.NODES_READY
        )
        return tuple(sorted(discovery.nodes(kube), key=lambda node: names.index(node.name)))

    def _outside(self, kube: Kube, names: tuple[str, ...], secret: str) -> tuple[OutsidePlace, ...]:
        clients = tuple(f"outside-{index + 1}" for index in range(self.spec.outside))
        if not clients:
            return ()
        engine, token = self.tools.engine, self.house.entry.token
        self.progress(f"starting {' and '.join(clients)}, outside the cluster")
        outside.start(engine, network(engine).name, self.image, clients, token, secret)
        node_image = facts.image_of(engine, names[0])
        services = self.spec.service_ranges or discovery.service_ranges(kube, {})
        ranges = (*services, *self.spec.external_ranges)
        gateways = outside.addresses(engine, names[0])
        for client in clients:
            outside.route(engine, node_image, token, client, ranges, gateways)
        return tuple(outside.place(engine, token, client, self.spec.families) for client in clients)

    def _completed(self, kube: Kube) -> ClusterSpec:
        on = network(self.tools.engine)
        found = discovery.completed(kube, self.spec, kube.list("Node"))
        more = {
            "node_ranges": tuple(
                one for family in self.spec.families for one in on.ranges if f"ipv{one.version}" == family
            ),
            "load_balancer_pool": metallb.address_pools(kube),
        }
        return found.model_copy(update=more)


def _images(proxy: ProxySpec) -> tuple[str, ...]:
    """The images that the manifests of a proxy name."""
    return manifests.images(one for path in proxy.install.manifests for one in manifests.read(Path(path)))
