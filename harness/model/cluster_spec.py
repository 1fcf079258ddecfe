"""A declared cluster: `fixtures/clusters/<name>.yaml`."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

Range = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address


class Declared(BaseModel):
    """Base of every declared value: frozen, keys in camelCase as Kubernetes has them, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)


class NodeSpec(Declared):
    """One node: its name, and the zone its label topology.kubernetes.io/zone names."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", max_length=40)]
    zone: str = ""


class AddressSpan(Declared):
    """Addresses from `first` to `last`, both included."""

    first: Address
    last: Address


class ClusterSpec(Declared):
    """A cluster as declared. Ranges and addresses are lists: one entry per IP family, the primary one first."""

    name: str = ""
    """The file's name; not a key of the file."""
    provider: Literal["lab", "kind", "kubeconfig"]
    nodes: tuple[NodeSpec, ...] = ()
    families: tuple[Literal["ipv4", "ipv6"], ...] = ("ipv4",)
    pod_ranges: tuple[Range, ...] = ()
    service_ranges: tuple[Range, ...] = ()
    node_ranges: tuple[Range, ...] = ()
    external_ranges: tuple[Range, ...] = ()
    """Addresses nobody owns, routed to a node: what behaviours about externalIPs use."""
    load_balancer_pool: tuple[AddressSpan, ...] = ()
    outside: int = Field(default=2, ge=0, le=8)
    """Number of clients outside the cluster."""
    node_ports: Annotated[str, Field(pattern=r"^\d+-\d+$")] = "30000-32767"
    dns_domain: str = "cluster.local"
    control_plane: Literal["builtin"] = "builtin"
