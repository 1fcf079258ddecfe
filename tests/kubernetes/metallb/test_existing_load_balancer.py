"""What is recognised as serving load balancers in a cluster."""

from typing import Any, cast

import pytest

from svcproof.errors import Rejected
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.metallb import address_pools, existing_load_balancer, lack_of_layer2, versions
from tests.kubernetes.metallb.samples import workload
from tests.kubernetes.read_only_kube import ReadOnlyKube


def cluster(**objects: list[Object]) -> Kube:
    return cast(Kube, ReadOnlyKube(**objects))


def node(provider: str = "") -> Object:
    return {"metadata": {"name": "node-1"}, "spec": {"providerID": provider} if provider else {}}


def service(ingress: list[dict[str, str]], kind: str = "LoadBalancer") -> Object:
    status = {"loadBalancer": {"ingress": ingress}} if ingress else {}
    return {"metadata": {"name": "web", "namespace": "shop"}, "spec": {"type": kind}, "status": status}


def pod(image: str) -> Object:
    return {"metadata": {"name": "one", "namespace": "kube-system"}, "spec": {"containers": [{"image": image}]}}


def gateway_class(name: str) -> Object:
    return {"metadata": {"name": name}}


@pytest.mark.parametrize(
    ("objects", "words"),
    [
        ({}, ""),
        ({"Node": [node("kind://docker/kind/node-1")]}, ""),
        ({"Service": [service([]), service([], "ClusterIP")]}, ""),
        (
            {"Deployment": [workload("Deployment", "controller", "quay.io/metallb/controller:v0.13.5")]},
            "MetalLB v0.13.5 in metallb-system",
        ),
        (
            {"Deployment": [workload("Deployment", "lb-controller", "mirror/metallb-controller@sha256:0", "net")]},
            "MetalLB in net",
        ),
        ({"Deployment": [workload("Deployment", "controller", "example.com/gateway/controller:v1")]}, ""),
        ({"DaemonSet": [workload("DaemonSet", "vip", "ghcr.io/kube-vip/kube-vip:v1.0.1")]}, "kube-vip"),
        ({"Pod": [pod("ghcr.io/kube-vip/kube-vip:v1.0.1")]}, "kube-vip"),
        ({"DaemonSet": [workload("DaemonSet", "svclb-web", "rancher/klipper-lb:v0.4.9")]}, "k3s ServiceLB"),
        ({"GatewayClass": [gateway_class("cloud-provider-kind")]}, "cloud-provider-kind"),
        (
            {"Service": [service([{"hostname": "a.example.com"}, {"ip": "203.0.113.9"}])]},
            "something that has given Service shop/web a.example.com, 203.0.113.9",
        ),
        (
            {"Node": [node("kind://x"), node("aws:///eu-1/i-0")]},
            "a cloud provider: node node-1 has the providerID aws:///eu-1/i-0",
        ),
    ],
)
def test_what_serves_load_balancers_is_told_in_words(objects: dict[str, list[Object]], words: str):
    assert existing_load_balancer(cluster(**objects)) == words


@pytest.mark.parametrize(
    ("image", "said"),
    [
        ("quay.io/metallb/controller:v0.13.5", {"MetalLB": "0.13.5"}),
        ("mirror/metallb-controller@sha256:0", {}),
        ("example.com/gateway/controller:v1", {}),
    ],
)
def test_its_version_is_told_where_its_image_tells(image: str, said: dict[str, str]):
    assert versions(cluster(Deployment=[workload("Deployment", "controller", image)])) == said


def test_metallb_in_layer_2_mode_is_told_from_others():
    advertisement = {"metadata": {"name": "default", "namespace": "metallb-system"}}
    in_words = "no L2Advertisement of MetalLB can be seen; load balancers are served by "

    assert lack_of_layer2(cluster(L2Advertisement=[advertisement])) == ""
    assert lack_of_layer2(cluster(Pod=[pod("ghcr.io/kube-vip/kube-vip:v1.0.1")])) == f"{in_words}kube-vip"
    assert lack_of_layer2(cluster()) == f"{in_words}nothing"


class Closed(ReadOnlyKube):
    """Lets nothing be listed but nodes."""

    code = 403

    def list(self, kind: str, namespace: str = "", labels: str = "") -> list[Object]:
        if kind != "Node":
            raise Rejected(f"list {kind}", code=self.code, message="forbidden")
        return super().list(kind, namespace, labels)


def test_what_may_not_be_listed_is_not_seen():
    assert existing_load_balancer(cast(Kube, Closed(Node=[node("gce://p/z/n")]))).startswith("a cloud provider: ")


def test_another_refusal_is_not_taken_for_nothing():
    class Broken(Closed):
        code = 401

    with pytest.raises(Rejected):
        existing_load_balancer(cast(Kube, Broken()))


def test_the_pools_of_a_metallb_are_read_in_each_of_its_notations():
    spec: dict[str, Any] = {"addresses": ["10.0.0.5-10.0.0.9", "10.0.1.0/30", "fc00::1 - fc00::f"]}
    there = cluster(IPAddressPool=[{"metadata": {"name": "default", "namespace": "metallb-system"}, "spec": spec}])

    spans = [(str(one.first), str(one.last)) for one in address_pools(there)]

    assert spans == [("10.0.0.5", "10.0.0.9"), ("10.0.1.0", "10.0.1.3"), ("fc00::1", "fc00::f")]
    assert address_pools(cluster()) == ()
