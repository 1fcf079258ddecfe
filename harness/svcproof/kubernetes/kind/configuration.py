"""From a declared cluster to kind's own configuration: pure functions.

https://kind.sigs.k8s.io/docs/user/configuration/
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import yaml

from svcproof.model.cluster_spec import ClusterSpec

CONTROL_PLANE = "control-plane"
LABEL = "svcproof.dev/declaration"
"""A label of every node: the digest of the declaration the cluster was made from."""
MAKER = "svcproof.dev/made-by-run"
"""A label of every node: the token of the run that has made the cluster."""
FAMILIES = {("ipv4",): "ipv4", ("ipv6",): "ipv6", ("ipv4", "ipv6"): "dual", ("ipv6", "ipv4"): "dual"}
ALLOW_CGROUP_V1 = """\
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
failCgroupV1: false
"""


def configuration(spec: ClusterSpec, mode: str, *, maker: str = "", cgroup_v1: bool = False) -> str:
    """The configuration as YAML; `mode` is the kube-proxy mode, empty for kind's default, `maker` the run's token.

    With `cgroup_v1` the kubelet is told to run on a machine of cgroup v1, which it refuses from Kubernetes 1.35 on.
    """
    networking: dict[str, Any] = {"ipFamily": FAMILIES[spec.families]}
    if mode:
        networking["kubeProxyMode"] = mode
    if spec.pod_ranges:
        networking["podSubnet"] = ",".join(map(str, spec.pod_ranges))
    if spec.service_ranges:
        networking["serviceSubnet"] = ",".join(map(str, spec.service_ranges))
    ours: dict[str, Any] = {
        "kind": "Cluster",
        "apiVersion": "kind.x-k8s.io/v1alpha4",
        "networking": networking,
        "nodes": [_node(node.name, node.zone, digest(spec), maker) for node in spec.nodes],
    }
    if cgroup_v1:
        ours["kubeadmConfigPatches"] = [ALLOW_CGROUP_V1]
    return yaml.safe_dump(_merged(ours, spec.kind.config), sort_keys=False)


def digest(spec: ClusterSpec) -> str:
    """The digest that declarations of the same cluster share: 16 hexadecimal digits."""
    made_of: Any = {
        "nodes": True, "families": True, "pod_ranges": True, "service_ranges": True,
        "kind": {"image": True, "kubernetes": True, "config": True},
    }  # fmt: skip
    return hashlib.sha256(spec.model_dump_json(include=made_of).encode()).hexdigest()[:16]


def _node(name: str, zone: str, declaration: str, maker: str) -> dict[str, Any]:
    labels = {LABEL: declaration} | ({MAKER: maker} if maker else {})
    labels |= {"topology.kubernetes.io/zone": zone} if zone else {}
    return {"role": CONTROL_PLANE if name == CONTROL_PLANE else "worker", "labels": labels}


def _merged(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    """Both: mappings are merged, lists joined, and for the rest theirs counts."""
    both = dict(ours)
    for key, value in theirs.items():
        own = both.get(key)
        if isinstance(own, dict) and isinstance(value, Mapping):
            both[key] = _merged(own, value)
        elif isinstance(own, list) and isinstance(value, list | tuple):
            both[key] = [*own, *value]
        else:
            both[key] = value
    return both
