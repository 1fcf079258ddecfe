"""What is refused of a cluster that kind makes, and how it is said."""

from collections.abc import Callable
from typing import Any

import pytest
import yaml

from svcproof import declare
from svcproof.declare import cluster

SOUND = yaml.safe_load((declare.fixtures_dir() / "clusters/kind-dual.yaml").read_text())


def nodes(*names: str) -> dict[str, Any]:
    return {"nodes": [{"name": name} for name in names]}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (nodes("worker", "worker2"), "nodes: exactly one of the nodes must be called control-plane"),
        (nodes("control-plane", "worker2"), "nodes.1.name: kind calls this node worker, by its place"),
        (nodes("worker", "control-plane", "b"), "nodes.2.name: kind calls this node worker2, by its place"),
        (nodes(), "nodes: exactly one of the nodes"),
        ({"nodes": [{"name": "control-plane", "zone": "a zone"}]}, "nodes.0.zone: string should match pattern"),
        ({"families": ["ipv4", "ipv4"]}, "families: name each IP family once"),
        ({"families": ["ipv6", "ipv4"]}, "podRanges: needs one range per IP family, in the order of families"),
        ({"serviceRanges": ["10.96.0.0/16"]}, "serviceRanges: needs one range per IP family"),
        ({"serviceRanges": ["10.244.1.0/24", "fd00::/112"]}, "serviceRanges.0: 10.244.1.0/24 overlaps 10.244.0.0/16"),
        ({"nodeRanges": ["172.18.0.0/16", "fd01::/64"]}, "nodeRanges: the container engine decides it"),
        ({"nodePorts": "30000-30999"}, "nodePorts: kind makes clusters with 30000-32767"),
        ({"dnsDomain": "example.org"}, "dnsDomain: kind makes clusters with cluster.local"),
        ({"kind": {"config": {"name": "x"}}}, "kind.config.name: cannot be said here: the cluster is called after"),
        ({"kind": {"config": {"nodes": []}}}, "kind.config.nodes: cannot be said here: declare them as nodes"),
        (
            {"kind": {"config": {"networking": {"kubeProxyMode": "none"}}}},
            "kind.config.networking.kubeProxyMode: cannot be said here: the proxy under test decides it",
        ),
        (
            {"kind": {"config": {"kubeadmConfigPatch": []}}},
            "kind.config.kubeadmConfigPatch: is no key of kind's configuration (did you mean kubeadmConfigPatches",
        ),
        (
            {"kind": {"image": "kindest/node:v1.36.1", "kubernetes": "1.36.1"}},
            "kind.kubernetes: the image kindest/node:v1.36.1 decides it",
        ),
    ],
)
def test_what_kind_would_not_take_is_refused(
    write: Callable[[str], str],
    problems: Callable[[Callable[[str], object], str], list[str]],
    changes: dict[str, Any],
    said: str,
) -> None:
    path = write(yaml.safe_dump(SOUND | changes))

    told = [line.split(": ", 1)[1] for line in problems(cluster, path)]

    assert [line for line in told if line.startswith(said)]


def test_ranges_and_a_pool_need_not_be_declared(write: Callable[[str], str]) -> None:
    said = {key: value for key, value in SOUND.items() if not key.endswith("Ranges")}

    assert cluster(write(yaml.safe_dump(said))).pod_ranges == ()


def test_all_mistakes_are_told_at_once_with_their_places(
    write: Callable[[str], str], problems: Callable[[Callable[[str], object], str], list[str]]
) -> None:
    text = """\
provider: kind
nodes: [{name: control-plane}, {name: node-b}]
families: [ipv4]
podRanges: ["fd00:10:244::/56"]
kind:
  config:
    networking: {kubeProxyMode: nftables}
"""
    assert problems(cluster, write(text)) == [
        ":2:39: nodes.1.name: kind calls this node worker, by its place among the workers",
        ":4:12: podRanges: needs one range per IP family, in the order of families: ipv4",
        ":7:33: kind.config.networking.kubeProxyMode: cannot be said here: the proxy under test decides it",
    ]
