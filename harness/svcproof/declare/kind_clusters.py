"""Rules for a cluster that kind makes, beside those for every cluster: a pure function."""

from collections.abc import Callable, Iterator, Mapping

from svcproof.declare.document import Mistake
from svcproof.errors import near
from svcproof.model.cluster_spec import ClusterSpec

KEYS = (
    "apiVersion", "kind", "networking", "featureGates", "runtimeConfig", "kubeadmConfigPatches",
    "kubeadmConfigPatchesJSON6902", "containerdConfigPatches", "containerdConfigPatchesJSON6902",
)  # fmt: skip
"""Keys of kind's configuration. https://kind.sigs.k8s.io/docs/user/configuration/"""


def _is_list_of_text(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(item, str) and item.strip() for item in value)


def _is_mapping_of(kind: type) -> Callable[[object], bool]:
    return lambda value: isinstance(value, Mapping) and all(isinstance(item, kind) for item in value.values())


def _is_list_of_patches(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(item, Mapping) for item in value)


SHAPES: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "apiVersion": (lambda value: value == "kind.x-k8s.io/v1alpha4", "kind.x-k8s.io/v1alpha4"),
    "kind": (lambda value: value == "Cluster", "Cluster"),
    "networking": (_is_mapping_of(object), "a mapping"),
    "featureGates": (_is_mapping_of(bool), "a mapping of names to true or false"),
    "runtimeConfig": (_is_mapping_of(str), 'a mapping of names to text, such as "true"'),
    "kubeadmConfigPatches": (_is_list_of_text, "a list of patches, each the text of one"),
    "kubeadmConfigPatchesJSON6902": (_is_list_of_patches, "a list of mappings with group, version, kind and patch"),
    "containerdConfigPatches": (_is_list_of_text, "a list of patches, each the text of one"),
    "containerdConfigPatchesJSON6902": (_is_list_of_text, "a list of patches, each the text of one"),
}
"""The values that kind takes for each of its keys."""
OURS: Mapping[tuple[str, ...], str] = {
    ("name",): "the cluster is called after the declaration's file",
    ("nodes",): "declare them as nodes, with their zones",
    ("networking", "ipFamily"): "declare it as families",
    ("networking", "podSubnet"): "declare it as podRanges",
    ("networking", "serviceSubnet"): "declare it as serviceRanges",
    ("networking", "kubeProxyMode"): "the proxy under test decides it",
}
"""Keys of kind that have keys of their own in a declaration, and which."""
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
    for key, (is_right, what) in SHAPES.items():
        if key in config and not is_right(config[key]):
            yield Mistake(("kind", "config", key), f"is not {what}")
    for way, why in OURS.items():
        inner = config if len(way) == 1 else config.get(way[0])
        if isinstance(inner, Mapping) and way[-1] in inner:
            yield Mistake(("kind", "config", *way), f"cannot be said here: {why}")
