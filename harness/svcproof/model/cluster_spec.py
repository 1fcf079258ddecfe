"""A declared cluster: `fixtures/clusters/<name>.yaml`."""

from collections.abc import Callable, Iterator, Mapping
from ipaddress import ip_address, ip_network
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, PlainValidator

from svcproof.addresses import Address, Range
from svcproof.model.words import Declared, Domain, Image, Line, NamedImage, Word
from svcproof.printable import quoted

SMALL_PYTHON = (
    "docker.io/library/python:3.14-slim@sha256:cad9a2c871761c413caa6fdd6441c783451e740a48aaeba60ae62a8b53525ef6"
)
"""A public image, for several architectures, by the digest of its index."""
SSH = r"^ssh://([A-Za-z0-9_][A-Za-z0-9_.-]*@)?([A-Za-z0-9_][A-Za-z0-9_.-]*|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$"
"""A machine as ssh takes it; user and port are optional, and the host may be a name of the user's ssh configuration."""
SECRET = r"^(([a-z0-9]([-a-z0-9]*[a-z0-9])?/)?[a-z0-9]([-.a-z0-9]*[a-z0-9])?)?$"
Read = TypeVar("Read")


def _range(value: object) -> Range:
    return value if isinstance(value, Range) else _read(ip_network, value, "10.0.0.0/16")


def _address(value: object) -> Address:
    return value if isinstance(value, Address) else _read(ip_address, value, "10.0.0.1")


def _read(kind: Callable[[str], Read], value: object, example: str) -> Read:
    if not isinstance(value, str):
        raise ValueError(f"{quoted(value)} should be a string such as {example}")
    try:
        return kind(value)
    except ValueError as error:
        why = "has host bits set" if "host bits" in str(error) else f"is not like {example}"
        raise ValueError(f"{quoted(value, bare=True)} {why}") from None


# Read by us and not as a union: one error in words, where the union gives one for each of its members.
DeclaredRange = Annotated[Range, PlainValidator(_range, json_schema_input_type=str)]
DeclaredAddress = Annotated[Address, PlainValidator(_address, json_schema_input_type=str)]


class NodeSpec(Declared):
    """One node."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", max_length=40)]
    """Its name in the API."""
    zone: Annotated[str, Field(pattern=r"^([A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?)?$", max_length=63)] = ""
    """The value of its label topology.kubernetes.io/zone."""


class AddressSpan(Declared):
    """Addresses from `first` to `last`, both included."""

    first: DeclaredAddress
    last: DeclaredAddress


class ImageSpec(Declared):
    """A stand-in for an image in a lab, which pulls none."""

    command: Annotated[tuple[Word, ...], Field(max_length=1000)] = ()
    """The entrypoint: a program of this machine, to which a pod's args are added. Without one, a server that listens on
    the ports of the container, whatever its command and args are."""


class KindSpec(Declared):
    """A cluster that kind makes. https://kind.sigs.k8s.io/docs/user/configuration/."""

    image: Image = ""
    """The node image; empty: the one of `kubernetes`, or kind's own default."""
    kubernetes: Annotated[str, Field(pattern=r"^(v?[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4})?$")] = ""
    """A Kubernetes version: its image is kindest/node:v<version>."""
    config: Mapping[str, Any] = {}
    """More keys of kind's own configuration, such as featureGates or kubeadmConfigPatches: merged into ours."""
    load: Annotated[tuple[NamedImage, ...], Field(max_length=100)] = ()
    """Images of this machine's engine to load into the nodes."""


class KubeconfigSpec(Declared):
    """A cluster that exists, and the way to it."""

    path: Line = ""
    """The kubeconfig; empty: $KUBECONFIG, or ~/.kube/config. Relative to the declaration's folder."""
    context: Line = ""
    """The context in it; empty: its current one."""
    outside: Annotated[tuple[Annotated[str, Field(pattern=SSH, max_length=300)], ...], Field(max_length=8)] = ()
    """Clients outside the cluster, each `ssh://user@host`, which ssh must reach without a question; none: this
    machine, where it has a route to the nodes."""


class AgentSpec(Declared):
    """The image the sample pods run on: any with a Python of 3.9 or newer as python3."""

    image: NamedImage = SMALL_PYTHON
    """The image, with a tag or a digest."""
    pull_secret: Annotated[str, Field(pattern=SECRET, max_length=317)] = ""
    """A Secret to pull it with: `name`, in each namespace that was made beforehand, or `namespace/name`, to be copied
    into the namespaces that svcproof makes."""


class MetalLBSpec(Declared):
    """MetalLB, where a cluster has nothing that serves Services of type LoadBalancer."""

    manifest: Line = ""
    """Its manifest, a file; empty: the release that svcproof pins, obtained once."""
    install: bool = False
    """True if svcproof may install it into a cluster that it did not make; into its own it does."""


class ClusterSpec(Declared):
    """A cluster as declared. Ranges and addresses are lists: one entry per IP family, the primary one first."""

    name: str = ""
    """The file's name; not a key of the file."""
    keep: bool = False
    """True if the cluster stays after the run, or was kept by an earlier one. Not a key of the file."""
    provider: Literal["lab", "kind", "kubeconfig"]
    """The provider, which makes the cluster: a module of harness/svcproof/providers."""
    nodes: Annotated[tuple[NodeSpec, ...], Field(max_length=100)] = ()
    families: tuple[Literal["ipv4", "ipv6"], ...] = ("ipv4",)
    """The IP families, the primary one first."""
    pod_ranges: Annotated[tuple[DeclaredRange, ...], Field(max_length=16)] = ()
    """The ranges of pod addresses; in the lab each node takes a /24 of it."""
    service_ranges: Annotated[tuple[DeclaredRange, ...], Field(max_length=16)] = ()
    """The ranges of ClusterIPs; the tenth address is the cluster DNS's."""
    node_ranges: Annotated[tuple[DeclaredRange, ...], Field(max_length=16)] = ()
    """The network that nodes and clients outside share."""
    external_ranges: Annotated[tuple[DeclaredRange, ...], Field(max_length=16)] = ()
    """Addresses that nobody has, routed to a node: the externalIPs of checks."""
    load_balancer_pool: Annotated[tuple[AddressSpan, ...], Field(max_length=64)] = ()
    """The addresses of Services of type LoadBalancer: a part of the node network that nobody else has."""
    images: Annotated[Mapping[str, ImageSpec], Field(max_length=1000)] = {}
    """Stand-ins of a lab by the name of an image, or, for images without one, by a pattern such as `myteam/*`."""
    outside: int = Field(default=2, ge=0, le=8)
    """Number of clients outside the cluster."""
    node_ports: Annotated[str, Field(pattern=r"^[0-9]{1,5}-[0-9]{1,5}$")] = "30000-32767"
    """First and last port of what node ports are taken of."""
    dns_domain: Domain = "cluster.local"
    """The DNS domain in which Services have their names."""
    control_plane: Literal["builtin", "kubernetes"] = "builtin"
    """Of a lab: the lab's own API server and controllers, or etcd, kube-apiserver and kube-controller-manager."""
    control_plane_version: Annotated[str, Field(pattern=r"^([0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3})?$")] = ""
    """The version of Kubernetes's control plane, such as 1.37.2; empty: the one that is installed, or a default."""
    dns: Literal["builtin", "coredns"] = "builtin"
    """Of a lab: the lab's own DNS server, or CoreDNS."""
    kind: KindSpec = KindSpec()
    kubeconfig: KubeconfigSpec = KubeconfigSpec()
    agent: AgentSpec = AgentSpec()
    metallb: MetalLBSpec = MetalLBSpec()

    @property
    def shared(self) -> bool:
        """True if the processes of a run share one cluster; of labs each has its own."""
        return self.provider != "lab"

    def external_addresses(self) -> Iterator[str]:
        """Yield the addresses of the first external range; none where none is declared."""
        for whole in self.external_ranges[:1]:
            yield from map(str, ip_network(str(whole)).hosts())
