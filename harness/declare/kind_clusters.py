"""What must hold of a cluster that kind makes, beside what holds of every cluster: a pure function."""

from collections.abc import Iterator, Mapping

from harness.declare.document import Mistake
from harness.errors import near
from harness.model.cluster_spec import ClusterSpec

KEYS = (
    "apiVersion", "kind", "networking", "featureGates", "runtimeConfig", "kubeadmConfigPatches",
    "kubeadmConfigPatchesJSON6902", "containerdConfigPatches", "containerdConfigPatchesJSON6902",
)  # fmt: skip
"""Keys of kind's configuration. https://kind.sigs.k8s.io/docs/user/configuration/"""
OURS: Mapping[tuple[str, ...], str] = {
    ("name",): "the cluster is called after the declaration's file",
    ("nodes",): "declare them as nodes, with their zones",
    ("networking", "ipFamily"): "declare it as families",
    ("networking", "podSubnet"): "declare it as podRanges",
    ("networking", "serviceSubnet"): "declare it as serviceRanges",
    ("networking", "kubeProxyMode"): "the proxy under test decides it",
}
"""What a declaration says elsewhere, and where."""
PATCHES = "give kubeadm a patch in kind.config.kubeadmConfigPatches, and it is read from the cluster"


def check_kind(spec: ClusterSpec) -> Iterator[Mistake]:
    """Yield what kind would not take, or what would not be as it is declared."""
    yield from _names(spec)
    yield from _config(spec)
    if spec.kind.image and spec.kind.kubernetes:
        yield Mistake(("kind", "kubernetes"), f"the image {spec.kind.image} decides it: declare one of the two")
    if spec.node_ranges:
        yield Mistake(("nodeRanges",), "the container engine decides it: it is read from the network of the nodes")
    for key, field in (("nodePorts", "node_ports"), ("dnsDomain", "dns_domain")):
        usual = ClusterSpec.model_fields[field].default
        if getattr(spec, field) != usual:
            yield Mistake((key,), f"kind makes clusters with {usual}: {PATCHES}")


def _names(spec: ClusterSpec) -> Iterator[Mistake]:
    names = [node.name for node in spec.nodes]
    if names.count("control-plane") != 1:
        yield Mistake(("nodes",), "exactly one of the nodes must be called control-plane")
    workers = [index for index, name in enumerate(names) if name != "control-plane"]
    for place, index in enumerate(workers):
        named = "worker" if place == 0 else f"worker{place + 1}"
        if names[index] != named:
            yield Mistake(("nodes", index, "name"), f"kind calls this node {named}, by its place among the workers")


def _config(spec: ClusterSpec) -> Iterator[Mistake]:
    config = spec.kind.config
    known = {*KEYS, *(way[0] for way in OURS)}
    for key in config:
        if key not in known:
            yield Mistake(("kind", "config", key), f"is no key of kind's configuration{near(key, KEYS)}")
    for way, why in OURS.items():
        inner = config if len(way) == 1 else config.get(way[0])
        if isinstance(inner, Mapping) and way[-1] in inner:
            yield Mistake(("kind", "config", *way), f"cannot be said here: {why}")
