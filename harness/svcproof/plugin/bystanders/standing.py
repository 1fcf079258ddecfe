"""The bystanders that stand in the namespace of this process, and the background that looks at them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace

from svcproof.agent.vantage import Unrecorded, Vantage
from svcproof.bystanders.background import Background
from svcproof.bystanders.looking import Posts, Within
from svcproof.bystanders.watch import Watch
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.sample.bystanders import PREFIX, services, slices_by_hand
from svcproof.kubernetes.sample.roles import BACKEND
from svcproof.kubernetes.sample.service import SLICES, ServiceHandle
from svcproof.kubernetes.sample.workload import PodHandle, Workbench
from svcproof.limits import Judged
from svcproof.model.bystander import Kind
from svcproof.model.cluster import Cluster
from svcproof.model.probe import Protocol
from svcproof.plugin.bystanders.excuses import Excuses
from svcproof.plugin.bystanders.posts import API_SERVICE, DNS_SERVICE, Survey, View, kind_of
from svcproof.promise.expectation import Client, Where
from svcproof.promise.world import Claims, Listener
from svcproof.wait.context import convergence

EVERY = 1.5
"""Seconds between two looks at a bystander from one vantage at one door."""
ECHO_PORTS = frozenset((protocol, port) for protocol in (Protocol.TCP, Protocol.UDP) for port in BACKEND[protocol])
"""The ports at which the pods behind bystanders answer."""
SILENCE = 0.3
"""Seconds for which nobody answers where nobody must."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The ground that bystanders stand on: the sample pods behind them, and the vantages that look at them."""

    cluster: Cluster
    claims: Claims
    namespace: str
    echo: Sequence[PodHandle]
    clients: Sequence[Vantage]
    hosts: Sequence[Vantage]
    outsiders: Sequence[Vantage]

    @property
    def vantages(self) -> Mapping[str, Vantage]:
        """All vantages, by name."""
        return {vantage.name: vantage for vantage in (*self.clients, *self.hosts, *self.outsiders)}

    @property
    def askers(self) -> tuple[Client, ...]:
        """The vantages, as the specification has them."""
        places = ((self.clients, Where.POD), (self.hosts, Where.HOST), (self.outsiders, Where.OUTSIDE))
        return tuple(
            Client(name=vantage.name, where=where, node=vantage.node, addresses=vantage.addresses)
            for vantages, where in places
            for vantage in vantages
        )


@dataclass(frozen=True, slots=True)
class Bystanders:
    """The bystanders of a process; `kinds` are those that stand."""

    kinds: frozenset[Kind]
    handles: Mapping[str, ServiceHandle]
    """Their Services, by the end of their names."""
    background: Background


@contextmanager
def standing(
    ground: Ground,
    kinds: frozenset[Kind],
    external_address: Callable[[], str],
    workbench: Workbench,
    excuses: Excuses,
) -> Iterator[Bystanders]:
    """Make the bystanders of these kinds, and look at them until the context ends. Raises SvcproofError."""
    handles = _made(ground, kinds, external_address, workbench)
    allowed = convergence()
    with closing(Kube(ground.cluster.kubeconfig)) as kube:
        survey = Survey()

        def now() -> Posts:
            return survey.posts(_view(kube, ground, kinds))

        background = Background(
            watch=Watch(every=EVERY, allowed=allowed),
            vantages={name: replace(vantage, recorder=Unrecorded()) for name, vantage in ground.vantages.items()},
            posts=now,
            disturbed=excuses.disturbed,
            doubtful=excuses.doubtful,
            within=Within(answered=Judged.PROBE.seconds, silent=SILENCE),
        )
        with closing(background):
            background.start()
            yield Bystanders(kinds, handles, background)


def _made(
    ground: Ground, kinds: frozenset[Kind], external_address: Callable[[], str], workbench: Workbench
) -> dict[str, ServiceHandle]:
    pods = [(pod.address, pod.node) for pod in ground.echo]
    wished = [manifest for kind in sorted(kinds) for manifest in services(kind, ground.namespace, external_address)]
    made = [workbench.create(manifest)["metadata"]["name"] for manifest in wished]
    for manifest in slices_by_hand(ground.namespace, pods) if Kind.BY_HAND in kinds else ():
        workbench.create(manifest)
    kube, domain = workbench.kube, ground.cluster.spec.dns_domain
    handles = {name.removeprefix(PREFIX): ServiceHandle(kube, name, ground.namespace, domain) for name in made}
    for name, handle in handles.items():
        if name != "external-name":
            workbench.await_endpoints(handle, len(pods))
        if name == "load-balancer":
            handle.load_balancer_addresses()
    return handles


def _view(kube: Kube, ground: Ground, kinds: frozenset[Kind]) -> View:
    built_in = (("default", API_SERVICE), ("kube-system", DNS_SERVICE))
    found = [kube.find("Service", name, namespace) for namespace, name in built_in] if Kind.BUILT_IN in kinds else []
    dns = kube.list(SLICES, "kube-system", f"kubernetes.io/service-name={DNS_SERVICE}") if Kind.NAMES in kinds else []
    own = [item for item in kube.list("Service", ground.namespace) if kind_of(item["metadata"]["name"])]
    of_own = [item for item in kube.list(SLICES, ground.namespace) if kind_of(_service_of(item))]
    return View(
        kinds=kinds,
        services=[*own, *filter(None, found)],
        slices=[*of_own, *dns],
        nodes=kube.list("Node"),
        clients=ground.askers,
        listeners=[
            Listener(name=pod.name, node=pod.node, address=pod.address, ports=ECHO_PORTS) for pod in ground.echo
        ],
        claims=ground.claims,
        domain=ground.cluster.spec.dns_domain,
    )


def _service_of(item: Object) -> str:
    return str(item["metadata"].get("labels", {}).get("kubernetes.io/service-name", ""))
