"""The posts at bystanders, and what each must see, from the objects that the API server has: pure functions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Lock

from svcproof.agent.queries import Query
from svcproof.bystanders.looking import Posts
from svcproof.bystanders.post import Expected, Greeted, Post, Resolved, Served
from svcproof.json_objects import Object
from svcproof.kubernetes.sample.bystanders import PREFIX, SPECS
from svcproof.model.behaviour import Level
from svcproof.model.bystander import Kind
from svcproof.model.probe import Protocol, Target
from svcproof.promise.expect import expect
from svcproof.promise.expectation import Answered, Aspect, Client, Where
from svcproof.promise.objects import endpoint_slice, world_of
from svcproof.promise.world import Claims, Listener, Node, World

API_SERVICE = "kubernetes"
DNS_SERVICE = "kube-dns"
CLUSTER_IP = "ClusterIP"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """All that posts follow from: objects of the API, who asks, who answers, and what the proxy claims."""

    kinds: frozenset[Kind]
    services: Sequence[Object]
    slices: Sequence[Object]
    nodes: Sequence[Object]
    clients: Sequence[Client]
    listeners: Sequence[Listener]
    claims: Claims
    domain: str
    """The cluster's DNS domain."""


class Survey:
    """All posts, with what each must see; of a view that is as the last one, they are those of the last one."""

    def __init__(self) -> None:
        self._last: tuple[World, Posts] | None = None
        self._lock = Lock()

    def posts(self, view: View) -> Posts:
        """The posts of this view."""
        world = world_of(view.services, view.slices, view.nodes, view.listeners, view.claims)
        with self._lock:
            if self._last is None or self._last[0] != world:
                known = dict([*_doors(view, world), *_names(view), *_built_in(view)])
                self._last = (world, known)
            return self._last[1]


def _doors(view: View, world: World) -> Iterator[tuple[Post, Expected]]:
    names = {(listener.address, port): listener.name for listener in view.listeners for _, port in listener.ports}
    for service in view.services:
        name = service["metadata"]["name"]
        kind = kind_of(name)
        if kind is None or kind not in view.kinds or kind is Kind.NAMES:
            continue
        for door, target in _targets(service, world.nodes):
            for client in view.clients:
                if _is_left_out(service, door, client):
                    continue
                expectation = expect(world, client, target)
                rule = expectation.rules.get(Aspect.ANSWERED)
                if expectation.answered is Answered.OPEN or rule is None or rule.level is not Level.MUST:
                    continue
                vantage, node = client.name, client.node
                post = Post(service=name, kind=kind, door=door, question=target, vantage=vantage, node=node)
                yield post, Served(expectation=expectation, names=names)


def _is_left_out(service: Object, door: str, client: Client) -> bool:
    """True at doors where proxies differ: external ones under policy Local, asked from inside the cluster."""
    is_local = service["spec"].get("externalTrafficPolicy") == "Local"
    return is_local and door != CLUSTER_IP and client.where is not Where.OUTSIDE


def _names(view: View) -> Iterator[tuple[Post, Expected]]:
    """Names are asked of an endpoint of the DNS itself, so that what answers for them is not the proxy."""
    servers = [
        address
        for piece in view.slices
        if piece["metadata"].get("labels", {}).get("kubernetes.io/service-name") == DNS_SERVICE
        for endpoint in piece.get("endpoints") or ()
        for address in endpoint["addresses"]
    ]
    asker = next((client for client in view.clients if client.where is Where.POD), None)
    for service in view.services if servers and asker and Kind.NAMES in view.kinds else ():
        metadata = service["metadata"]
        if kind_of(metadata["name"]) is not Kind.NAMES or asker is None:
            continue
        alias = service["spec"].get("externalName", "")
        # The alias alone is asked for: to answer for addresses too, a server asks others, who may be out of reach.
        record = "CNAME" if alias else "A"
        query = Query(f"{metadata['name']}.{metadata['namespace']}.svc.{view.domain}.", record, servers[0])
        post = Post(
            service=metadata["name"],
            kind=Kind.NAMES,
            door="name",
            question=query,
            vantage=asker.name,
            node=asker.node,
        )
        yield post, Resolved(frozenset({alias} if alias else _addresses(view, service)))


def _built_in(view: View) -> Iterator[tuple[Post, Expected]]:
    for service in view.services if Kind.BUILT_IN in view.kinds else ():
        metadata, spec = service["metadata"], service["spec"]
        questions: dict[Target | Query, Expected] = {}
        if (metadata["namespace"], metadata["name"]) == ("default", API_SERVICE):
            questions = {Target(spec["clusterIP"], spec["ports"][0]["port"]): Greeted()}
        if (metadata["namespace"], metadata["name"]) == ("kube-system", DNS_SERVICE):
            name = f"{API_SERVICE}.default.svc.{view.domain}."
            questions = {Query(name, "A", spec["clusterIP"], tcp): Resolved() for tcp in (False, True)}
        for question, expected in questions.items():
            for client in (client for client in view.clients if client.where is not Where.OUTSIDE):
                yield (
                    Post(
                        service=f"{metadata['namespace']}/{metadata['name']}",
                        kind=Kind.BUILT_IN,
                        door=CLUSTER_IP,
                        question=question,
                        vantage=client.name,
                        node=client.node,
                    ),
                    expected,
                )


def kind_of(name: str) -> Kind | None:
    """The kind of a bystander that has this name; None for any other Service."""
    end = name.removeprefix(PREFIX)
    return next((kind for kind, specs in SPECS.items() if name != end and end in specs), None)


def _targets(service: Object, nodes: Sequence[Node]) -> Iterator[tuple[str, Target]]:
    spec = service["spec"]
    ingress = service.get("status", {}).get("loadBalancer", {}).get("ingress") or ()
    for port in spec["ports"]:
        protocol = Protocol(port.get("protocol", "TCP").lower())
        yield CLUSTER_IP, Target(spec["clusterIP"], port["port"], protocol)
        for address in spec.get("externalIPs") or ():
            yield "external IP", Target(address, port["port"], protocol)
        for each in ingress:
            yield "load balancer", Target(each["ip"], port["port"], protocol)
        for node in nodes if port.get("nodePort") else ():
            yield f"node port of {node.name}", Target(node.addresses[0], port["nodePort"], protocol)


def _addresses(view: View, service: Object) -> frozenset[str]:
    """The addresses of the ready endpoints in the EndpointSlices of a Service."""
    metadata = service["metadata"]
    return frozenset(
        address
        for piece in map(endpoint_slice, view.slices)
        if (piece.namespace, piece.service) == (metadata["namespace"], metadata["name"])
        for endpoint in piece.endpoints
        if endpoint.ready
        for address in endpoint.addresses
    )
