"""The posts at bystanders, from the objects that the API server has."""

import pytest

from svcproof.agent.queries import Query
from svcproof.kubernetes.sample.bystanders import SPECS, services, slices_by_hand
from svcproof.model.bystander import Kind
from svcproof.model.probe import Protocol, Target
from svcproof.model.release import Release
from svcproof.plugin.bystanders.posts import Survey, View, kind_of
from svcproof.promise.expectation import Client, Where
from svcproof.promise.world import Claims, Listener

PODS = {"10.244.1.3": "node-a", "10.244.1.4": "node-a", "10.244.2.3": "node-b"}
PORTS = frozenset({(Protocol.TCP, 8080), (Protocol.UDP, 8080)})
CLIENTS = (
    Client(name="client-a", where=Where.POD, node="node-a", addresses=("10.244.1.2",)),
    Client(name="client-c", where=Where.POD, node="node-c", addresses=("10.244.3.2",)),
    Client(name="outside", where=Where.OUTSIDE, addresses=("172.30.0.100",)),
)


def node(number: int, name: str) -> dict:
    addresses = [{"type": "InternalIP", "address": f"172.30.0.1{number}"}]
    spec = {"podCIDR": f"10.244.{number}.0/24"}
    return {"metadata": {"name": name}, "spec": spec, "status": {"addresses": addresses}}


def made(kind: Kind) -> tuple[list[dict], list[dict]]:
    """The Services of a kind as the API server has them, and their EndpointSlices."""
    items = services(kind, "ns", lambda: "198.51.100.7")
    slices = []
    for number, item in enumerate(items, 1):
        spec, name = item["spec"], item["metadata"]["name"]
        if "externalName" in spec:
            continue
        spec.setdefault("clusterIP", f"10.96.0.{number}")
        for port in spec["ports"]:
            port |= {"nodePort": 30000 + port["port"]} if spec.get("type") == "NodePort" else {}
        endpoints = [
            {"addresses": [address], "nodeName": where, "conditions": {"ready": True}}
            for address, where in PODS.items()
        ]
        slices.append(
            {
                "metadata": {"name": f"{name}-1", "namespace": "ns", "labels": {"kubernetes.io/service-name": name}},
                "addressType": "IPv4",
                "ports": [{"name": port["name"], "port": 8080, "protocol": port["protocol"]} for port in spec["ports"]],
                "endpoints": endpoints,
            }
        )
    return items, slices


def view(kind: Kind, services_of_kind: list[dict] | None = None, more: tuple[dict, ...] = ()) -> View:
    items, slices = made(kind)
    names = {address: f"echo-{number}" for number, address in enumerate(PODS)}
    return View(
        kinds=frozenset({kind}),
        services=items if services_of_kind is None else services_of_kind,
        slices=[*slices, *more],
        nodes=[node(number, f"node-{letter}") for number, letter in enumerate("abc", 1)],
        clients=CLIENTS,
        listeners=[
            Listener(name=names[address], node=where, address=address, ports=PORTS) for address, where in PODS.items()
        ],
        claims=Claims(release=Release.read("1.36")),
        domain="cluster.local",
    )


def expected(kind: Kind) -> dict[tuple[str, str, str], str]:
    posts = Survey().posts(view(kind))
    return {(post.vantage, post.door, str(post.question)): str(what) for post, what in posts.items()}


ALL = "answered by echo-0, echo-1, echo-2"


def test_a_cluster_ip_is_asked_from_inside_and_any_endpoint_may_answer() -> None:
    assert expected(Kind.CLUSTER_IP) == {
        ("client-a", "ClusterIP", "tcp 10.96.0.1:80"): ALL,
        ("client-c", "ClusterIP", "tcp 10.96.0.1:80"): ALL,
    }


def test_a_service_of_both_protocols_is_asked_over_each() -> None:
    assert {question for _, _, question in expected(Kind.BOTH)} == {"tcp 10.96.0.1:80", "udp 10.96.0.1:80"}


def test_an_external_ip_is_asked_from_outside_too() -> None:
    assert ("outside", "external IP", "tcp 198.51.100.7:80") in expected(Kind.EXTERNAL_IP)


def test_policy_local_inside_lets_the_endpoints_of_the_clients_own_node_answer_or_nobody() -> None:
    known = expected(Kind.POLICY)

    assert known["client-a", "ClusterIP", "tcp 10.96.0.1:80"] == "answered by echo-0, echo-1"
    assert known["client-c", "ClusterIP", "tcp 10.96.0.1:80"] == "answered by nobody"


def test_policy_local_outside_is_asked_at_node_ports_from_outside_alone() -> None:
    known = {place: what for place, what in expected(Kind.POLICY).items() if place[1].startswith("node port")}

    assert known == {
        ("outside", "node port of node-a", "tcp 172.30.0.11:30080"): "answered by echo-0, echo-1",
        ("outside", "node port of node-b", "tcp 172.30.0.12:30080"): "answered by echo-2",
        ("outside", "node port of node-c", "tcp 172.30.0.13:30080"): "answered by nobody",
    }


def test_names_are_asked_of_an_endpoint_of_the_dns() -> None:
    labels = {"kubernetes.io/service-name": "kube-dns"}
    dns = {
        "metadata": {"name": "kube-dns-1", "namespace": "kube-system", "labels": labels},
        "addressType": "IPv4",
        "endpoints": [{"addresses": ["172.30.0.1"]}],
    }

    posts = Survey().posts(view(Kind.NAMES, more=(dns,)))

    assert {str(post.question): str(what) for post, what in posts.items()} == {
        "A bystander-headless.ns.svc.cluster.local. at 172.30.0.1": "resolved to 10.244.1.3, 10.244.1.4, 10.244.2.3",
        "CNAME bystander-external-name.ns.svc.cluster.local. at 172.30.0.1": "resolved to bystander.example.org",
    }


def test_the_api_and_the_dns_are_asked_at_their_cluster_ips_from_inside() -> None:
    api = {
        "metadata": {"name": "kubernetes", "namespace": "default"},
        "spec": {"clusterIP": "10.96.0.1", "ports": [{"port": 443}]},
    }
    dns = {
        "metadata": {"name": "kube-dns", "namespace": "kube-system"},
        "spec": {"clusterIP": "10.96.0.10", "ports": [{"port": 53, "protocol": "UDP"}]},
    }

    posts = Survey().posts(view(Kind.BUILT_IN, [api, dns]))

    name = "kubernetes.default.svc.cluster.local."
    assert {post.question for post in posts} == {
        Target("10.96.0.1", 443),
        Query(name, "A", "10.96.0.10"),
        Query(name, "A", "10.96.0.10", tcp=True),
    }
    assert {post.vantage for post in posts} == {"client-a", "client-c"}


def test_posts_are_worked_out_once_for_a_view_that_stays_as_it_is() -> None:
    survey = Survey()

    assert survey.posts(view(Kind.CLUSTER_IP)) is survey.posts(view(Kind.CLUSTER_IP))


@pytest.mark.parametrize("kind", Kind)
def test_the_kind_of_each_bystander_is_known_by_its_name(kind: Kind) -> None:
    assert [kind_of(f"bystander-{name}") for name in SPECS[kind]] == [kind] * len(SPECS[kind])


@pytest.mark.parametrize("name", ["tcp", "svc-tcp", "bystander-other", "kubernetes"])
def test_other_services_are_of_no_kind(name: str) -> None:
    assert kind_of(name) is None


def test_slices_made_by_hand_share_the_pods_among_them() -> None:
    slices = slices_by_hand("ns", list(PODS.items()))

    addresses = [[address for end in part["endpoints"] for address in end["addresses"]] for part in slices]
    assert addresses == [["10.244.1.3"], ["10.244.1.4", "10.244.2.3"]]
