"""Workloads of checks: pods, the Services made for them, and the workbench that makes and removes both."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

from svcproof.agent.vantage import Vantage
from svcproof.errors import ProbeError
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.objects.cluster_access import with_label
from svcproof.kubernetes.objects.status import has_condition, has_started
from svcproof.kubernetes.sample.pods import AgentPod, pod_manifest
from svcproof.kubernetes.sample.service import SLICES, ServiceHandle, service_manifest
from svcproof.limits import Provision
from svcproof.model.cluster import Cluster
from svcproof.model.probe import Protocol, Target
from svcproof.wait import Within, provisioned
from svcproof.wait.predicates import in_words, is_there


@dataclass(frozen=True, slots=True)
class PodHandle:
    """A handle of a pod that runs an agent: a backend, and a vantage."""

    kube: Kube
    name: str
    namespace: str
    node: str
    address: str
    labels: dict[str, str]
    vantage: Vantage

    @property
    def object(self) -> Object:
        """The Pod as the API server has it now."""
        return self.kube.get("Pod", self.name, self.namespace)

    def at(self, port: int, protocol: Protocol = Protocol.TCP) -> Target:
        """Its own address, past every Service: the target of a control."""
        return Target(self.address, port, protocol)

    def relabel(self, **labels: str | None) -> None:
        """Merge labels; None removes one. A dot or dash in a key: pass `**{"a-b": "c"}`."""
        self.kube.patch("Pod", self.name, self.namespace, {"metadata": {"labels": labels}})

    def delete(self, grace: int | None = None) -> None:
        """Ask for its deletion, with `grace` seconds to end (default: what its spec says); does not wait."""
        self.kube.delete("Pod", self.name, self.namespace, grace=grace)


@dataclass(frozen=True, slots=True)
class Workload:
    """Pods that share a label, and the Services made for them in one check."""

    workbench: "Workbench"
    labels: dict[str, str]
    pods: tuple[PodHandle, ...]

    @property
    def names(self) -> frozenset[str]:
        """Names of its pods, to compare `seen.backends` with."""
        return frozenset(pod.name for pod in self.pods)

    def on(self, node: str) -> frozenset[str]:
        """Names of its pods on a node."""
        return frozenset(pod.name for pod in self.pods if pod.node == node)

    def service(self, name: str = "", *, wait: bool = True, **spec: Any) -> ServiceHandle:
        """Make a Service that selects these pods and, with `wait`, wait until its EndpointSlices name them.

        `spec` are keys of the Service's spec (`type="NodePort"`); `metadata` merges into its metadata.
        """
        service = self.workbench.service(name, selector=self.labels, **spec)
        if wait:
            self.workbench.await_endpoints(service, len(self.pods))
        return service


VantageOf = Callable[[Object], Vantage]
"""The vantage of a running agent Pod object."""


class Workbench:
    """Makes objects in one namespace for one check, and removes them in reverse order after it."""

    def __init__(self, kube: Kube, cluster: Cluster, namespace: str, prefix: str, vantage_of: VantageOf) -> None:
        self.kube, self.cluster, self.namespace = kube, cluster, namespace
        self._prefix, self._vantage_of = prefix, vantage_of
        self.vantages: list[Vantage] = []
        """Those of the agent pods that were started."""
        self._created: list[tuple[str, str, str]] = []
        self._numbers = count(1)

    def name(self, kind: str) -> str:
        """A name that nothing else in the namespace has."""
        return f"{kind}-{self._prefix}-{next(self._numbers)}"

    def create(self, manifest: Object) -> Object:
        """Create an object, to be removed after the check."""
        created = self.kube.create(with_label(manifest, self.cluster.token))
        kind = manifest["kind"] if manifest["apiVersion"] == "v1" else f"{manifest['apiVersion']} {manifest['kind']}"
        metadata = created["metadata"]
        self._created.append((kind, metadata["name"], metadata.get("namespace", "")))
        return created

    def service(self, name: str = "", selector: dict[str, str] | None = None, **spec: Any) -> ServiceHandle:
        """Make a Service; without a selector its endpoints are the check's own affair."""
        created = self.create(service_manifest(name or self.name("svc"), self.namespace, selector, spec))
        return ServiceHandle(self.kube, created["metadata"]["name"], self.namespace, self.cluster.spec.dns_domain)

    def pods(self, count: int = 1, *, node: str = "", wait: bool = True, **kind: Any) -> Workload:
        """Make `count` agent pods that share a fresh label; `kind` are fields of AgentPod.

        With `wait`, returns when all are running and, where they are to be, ready.
        """
        app = self.name("app")
        labels = {"app": app, **kind.pop("labels", {})}
        pods = [
            AgentPod(name=f"{app}-{index}", namespace=self.namespace, node=node, labels=labels, **kind)
            for index in range(count)
        ]
        return Workload(self, {"app": app}, self.start(pods, wait=wait))

    def start(self, pods: list[AgentPod], wait: bool = True) -> tuple[PodHandle, ...]:
        """Create agent pods, all before waiting for any."""
        for pod in pods:
            self.create(pod_manifest(pod, self.cluster.agents))
        return tuple(self.pod(pod, wait=wait) for pod in pods)

    def pod(self, pod: AgentPod, wait: bool = True) -> PodHandle:
        """The handle of an agent pod that was created; with `wait`, once its agent runs."""
        until = has_started if not wait or not pod.ready else _ready
        running = self.kube.wait("Pod", pod.name, pod.namespace, until=until, within=Provision.POD_READY)
        vantage = self._vantage_of(running)
        self.vantages.append(vantage)
        if wait:
            # A container that runs need not listen yet.
            provisioned(f"the agent in pod {pod.name}", lambda: _listens(vantage), is_there, Provision.POD_READY)
        return PodHandle(
            self.kube,
            pod.name,
            pod.namespace,
            running["spec"]["nodeName"],
            running["status"]["podIP"],
            dict(pod.labels or {}),
            vantage,
        )

    def await_endpoints(self, service: ServiceHandle, count: int, within: Within = Provision.ENDPOINTS_READY) -> None:
        """Wait until its EndpointSlices have `count` ready endpoints of each of its families.

        Raises ProvisionError.
        """
        label = f"kubernetes.io/service-name={service.name}"
        families = service.spec["ipFamilies"]
        self.kube.wait_list(
            SLICES,
            service.namespace,
            labels=label,
            until=in_words(
                f"so many are in its EndpointSlices of {' and of '.join(families)}",
                lambda slices: all(_ready_addresses(slices, family) == count for family in families),
            ),
            what=f"{count} ready endpoints of Service {service.name!r}",
            within=within,
        )

    def close(self) -> None:
        """Delete what was created, newest first; what is gone already is not an error."""
        for kind, name, namespace in reversed(self._created):
            self.kube.delete(kind, name, namespace, missing_ok=True, grace=0 if kind == "Pod" else None)


@contextmanager
def open_workbench(
    kube: Kube, cluster: Cluster, namespace: str, prefix: str, vantage_of: VantageOf
) -> Iterator[Workbench]:
    """Open a workbench that cleans up after itself."""
    workbench = Workbench(kube, cluster, namespace, prefix, vantage_of)
    try:
        yield workbench
    finally:
        workbench.close()


def _listens(vantage: Vantage) -> bool:
    try:
        vantage.ask("/serve", {})
    except ProbeError:
        return False
    return True


def _ready_addresses(slices: list[Object], family: str) -> int:
    return len(
        {
            address
            for endpoint_slice in slices
            if endpoint_slice["addressType"] == family
            for endpoint in endpoint_slice.get("endpoints") or ()
            if endpoint.get("conditions", {}).get("ready", True)
            for address in endpoint["addresses"]
        }
    )


def _ready(pod: Object) -> bool:
    """The pod runs and is Ready."""
    return has_started(pod) and has_condition(pod, "Ready")
