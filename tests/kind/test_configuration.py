"""What kind is told of a declared cluster."""

from typing import Any

import pytest
import yaml

from svcproof import declare
from svcproof.kubernetes.kind.configuration import configuration, digest
from svcproof.model.cluster_spec import ClusterSpec


def made(name: str, mode: str = "", *, cgroup_v1: bool = False, **kind: Any) -> dict[str, Any]:
    spec = declare.cluster(name)
    spec = spec.model_copy(update={"kind": spec.kind.model_copy(update=kind)})
    told: dict[str, Any] = yaml.safe_load(configuration(spec, mode, cgroup_v1=cgroup_v1))
    return told


@pytest.mark.parametrize(("name", "family"), [("kind", "ipv4"), ("kind-ipv6", "ipv6"), ("kind-dual", "dual")])
def test_families_and_ranges_are_as_declared(name: str, family: str) -> None:
    networking = made(name)["networking"]

    assert networking["ipFamily"] == family
    assert networking["serviceSubnet"] == ",".join(map(str, declare.cluster(name).service_ranges))
    assert "kubeProxyMode" not in networking


def test_nodes_have_roles_zones_and_the_digest_of_the_declaration() -> None:
    nodes = made("kind")["nodes"]

    assert [node["role"] for node in nodes] == ["worker", "worker", "control-plane"]
    assert [node["labels"]["topology.kubernetes.io/zone"] for node in nodes] == ["zone-a", "zone-b", "zone-c"]
    assert {node["labels"]["svcproof.dev/declaration"] for node in nodes} == {digest(declare.cluster("kind"))}


def test_more_of_kinds_configuration_is_merged_and_lists_are_joined() -> None:
    config = {"kubeadmConfigPatches": ["kind: A\n"], "networking": {"apiServerPort": 6443}, "featureGates": {"X": True}}

    told = made("kind", "nftables", cgroup_v1=True, config=config)

    assert told["networking"] == made("kind", "nftables")["networking"] | {"apiServerPort": 6443}
    assert "failCgroupV1: false" in told["kubeadmConfigPatches"][0]
    assert told["kubeadmConfigPatches"][1:] == ["kind: A\n"]
    assert told["featureGates"] == {"X": True}


@pytest.mark.parametrize(
    ("changes", "same"),
    [({"outside": 1}, True), ({"name": "other"}, True), ({"keep": True}, True), ({"families": ("ipv6",)}, False)],
)
def test_the_digest_is_of_what_the_cluster_is_made_of(changes: dict[str, Any], same: bool) -> None:
    spec = declare.cluster("kind")

    assert (digest(spec.model_copy(update=changes)) == digest(spec)) is same


def test_the_node_image_is_part_of_the_digest_and_images_to_load_are_not() -> None:
    def of(**kind: Any) -> str:
        spec: ClusterSpec = declare.cluster("kind")
        return digest(spec.model_copy(update={"kind": spec.kind.model_copy(update=kind)}))

    assert of(load=("a:1",)) == of() != of(image="kindest/node:v1.36.1")
