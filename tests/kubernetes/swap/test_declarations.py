"""What follows from a declaration alone."""

from typing import cast

import pytest

from svcproof import declare
from svcproof.errors import NotFound, ProvisionError
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.objects.apply import ObjectRef, in_order_of_need, object_refs
from svcproof.kubernetes.swap import kube_proxy_mode_for_kind
from svcproof.kubernetes.swap.install_methods import HelmChart, Manifests, Script, install_method
from svcproof.model.proxy_spec import Helm, Install, KubeProxy, ProxySpec

CRD: Object = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "widgets.example.com"},
    "spec": {
        "group": "example.com",
        "scope": "Namespaced",
        "names": {"kind": "Widget"},
        "versions": [{"name": "v1"}, {"name": "v2"}],
    },
}


class Knowing:
    """Knows a few kinds."""

    def default_namespace(self, kind: str) -> str:
        known = {
            "v1 Namespace": "",
            "v1 ConfigMap": "mine",
            "ConfigMap": "mine",
            f"{CRD['apiVersion']} {CRD['kind']}": "",
        }
        if kind not in known:
            raise NotFound(kind, code=404, message=kind)
        return known[kind]


KUBE = cast(Kube, Knowing())


def thing(kind: str, name: str, namespace: str = "") -> Object:
    version, _, word = kind.rpartition(" ")
    metadata = {"name": name} | ({"namespace": namespace} if namespace else {})
    return {"apiVersion": version, "kind": word, "metadata": metadata}


@pytest.mark.parametrize(
    ("install", "mode"),
    [
        (Install(kube_proxy=KubeProxy(mode="nftables")), "nftables"),
        (Install(kube_proxy=KubeProxy(mode="none")), "none"),
        (Install(cluster_default=True), ""),
        (Install(manifests=("a",)), "none"),
        (Install(helm=Helm(chart="./a")), "none"),
        (Install(script="a"), "none"),
    ],
)
def test_kind_makes_a_cluster_with_the_proxy_or_with_none(install: Install, mode: str) -> None:
    assert kube_proxy_mode_for_kind(ProxySpec(install=install)) == mode


def test_what_a_declaration_names_is_how_it_is_installed() -> None:
    assert install_method(Install(manifests=("a",))) == Manifests(("a",))
    assert install_method(Install(script="a")) == Script("a")
    assert install_method(Install(helm=Helm(chart="a"))) == HelmChart(Helm(chart="a"))
    assert install_method(Install(kube_proxy=KubeProxy(mode="none"))) is None


def test_namespaces_and_definitions_come_first_and_the_rest_in_its_order() -> None:
    widget, second = thing("example.com/v1 Widget", "w"), thing("v1 ConfigMap", "a")
    namespace = thing("v1 Namespace", "n")

    assert in_order_of_need([widget, second, CRD, namespace]) == (namespace, CRD, widget, second)


def test_where_an_object_will_be_is_known_before_its_kind_is() -> None:
    objects = [thing("v1 Namespace", "n"), thing("v1 ConfigMap", "a"), thing("v1 ConfigMap", "b", "n"), CRD]

    assert object_refs(KUBE, [*objects, thing("example.com/v2 Widget", "w")]) == (
        ObjectRef("v1 Namespace", "n", ""),
        ObjectRef("v1 ConfigMap", "a", "mine"),
        ObjectRef("v1 ConfigMap", "b", "n"),
        ObjectRef("apiextensions.k8s.io/v1 CustomResourceDefinition", "widgets.example.com", ""),
        ObjectRef("example.com/v2 Widget", "w", "mine"),
    )


def test_a_kind_that_nobody_defines_is_told() -> None:
    with pytest.raises(ProvisionError, match=r"has no kind example.com/v3 Widget, and the manifests do not define it"):
        object_refs(KUBE, [CRD, thing("example.com/v3 Widget", "w")])


@pytest.mark.parametrize("name", declare.names("proxies"))
def test_proxies_of_ours_for_real_clusters_have_a_mode_for_kind(name: str) -> None:
    proxy = declare.proxy(name)

    assert kube_proxy_mode_for_kind(proxy) in ("", "none", "iptables", "nftables")
