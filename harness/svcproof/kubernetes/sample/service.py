"""The handle of a Service made for a check: its targets, its state, its changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from svcproof.errors import UsageError
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.limits import Provision
from svcproof.model.cluster import Node
from svcproof.model.probe import Protocol, Target
from svcproof.wait import Within

PORTS = ({"name": "main", "port": 80, "targetPort": 8080, "protocol": "TCP"},)
"""The ports of a Service unless the check says otherwise; agents serve 8080 over TCP and UDP."""
SLICES = "discovery.k8s.io/v1 EndpointSlice"


@dataclass(frozen=True, slots=True)
class ServiceHandle:
    """A handle of a Service in the cluster. `object` is read anew each time: it is what the API says now."""

    kube: Kube
    name: str
    namespace: str
    domain: str
    """The cluster's DNS domain."""

    @property
    def dns_name(self) -> str:
        """Its full DNS name, without the final dot."""
        return f"{self.name}.{self.namespace}.svc.{self.domain}"

    @property
    def object(self) -> Object:
        """The Service as the API server has it now."""
        return self.kube.get("Service", self.name, self.namespace)

    @property
    def spec(self) -> Object:
        """Its spec."""
        spec: Object = self.object["spec"]
        return spec

    @property
    def cluster_ip(self) -> str:
        """Its primary ClusterIP."""
        return str(self.spec["clusterIP"])

    @property
    def slices(self) -> tuple[Object, ...]:
        """Its EndpointSlices."""
        label = f"kubernetes.io/service-name={self.name}"
        return tuple(self.kube.list(SLICES, self.namespace, labels=label))

    @property
    def endpoints(self) -> frozenset[tuple[str, int]]:
        """(address, port) of each ready endpoint in its EndpointSlices."""
        return frozenset(
            (address, port["port"])
            for endpoint_slice in self.slices
            for endpoint in endpoint_slice.get("endpoints") or ()
            if endpoint.get("conditions", {}).get("ready", True)
            for address in endpoint["addresses"]
            for port in endpoint_slice.get("ports") or ()
        )

    def at_cluster_ip(self, port: str | int | None = None, family: str = "") -> Target:
        """Its ClusterIP, at the named or numbered port (default: the first).

        `family` is one of its ipFamilies; without it, the first. Raises UsageError for one that it lacks.
        """
        spec = self.spec
        chosen = _port(spec, port)
        return Target(address_of_family(spec["clusterIPs"], family), chosen["port"], _protocol(chosen))

    def at_node(self, node: Node, port: str | int | None = None, family: str = "") -> Target:
        """Its node port, at the node's address of this family (default: its primary one); raises UsageError."""
        chosen = _port(self.spec, port)
        return Target(address_of_family(node.addresses, family), chosen["nodePort"], _protocol(chosen))

    def at_address(self, address: str, port: str | int | None = None) -> Target:
        """Its port, at an address that the check names: an externalIP, or one it must not answer at."""
        chosen = _port(self.spec, port)
        return Target(address, chosen["port"], _protocol(chosen))

    def at_load_balancer(self, port: str | int | None = None) -> Target:
        """Its port, at the address that the load balancer assigned; waits until one is assigned."""
        return self.at_address(self.load_balancer_addresses()[0], port)

    @property
    def assigned(self) -> tuple[str, ...]:
        """The addresses in its status.loadBalancer now."""
        return tuple(_ingress(self.object))

    def load_balancer_addresses(self, within: Within = Provision.LOAD_BALANCER_READY) -> tuple[str, ...]:
        """Addresses in status.loadBalancer. Raises ProvisionError if none is assigned in time."""
        assigned = self.kube.wait("Service", self.name, self.namespace, until=_assigned, within=within)
        return tuple(_ingress(assigned))

    def patch(self, **spec: Any) -> None:
        """Merge keys into its spec; None removes one."""
        self.kube.patch("Service", self.name, self.namespace, {"spec": spec})

    def patch_metadata(self, **metadata: Any) -> None:
        """Merge keys into its metadata, such as labels or annotations."""
        self.kube.patch("Service", self.name, self.namespace, {"metadata": metadata})

    def assign(self, *addresses: str, mode: str = "VIP") -> None:
        """Write its status.loadBalancer, as a load balancer does; `mode` is the ipMode of the addresses.

        For a Service whose loadBalancerClass is nobody's: a load balancer would write its own.
        """
        ingress = [{"ip": address, "ipMode": mode} for address in addresses] or None
        status = {"status": {"loadBalancer": {"ingress": ingress}}}
        self.kube.patch("Service", self.name, self.namespace, status, status=True)

    def delete(self) -> None:
        """Delete it; its EndpointSlices follow."""
        self.kube.delete("Service", self.name, self.namespace)


def service_manifest(name: str, namespace: str, selector: Mapping[str, str] | None, spec: Mapping[str, Any]) -> Object:
    """The manifest of a Service: `spec` completed by a selector and the default port, unless it names its own."""
    complete: Object = dict(spec)
    if complete.get("type") != "ExternalName":
        complete.setdefault("ports", [dict(port) for port in PORTS])
    if selector is not None:
        complete.setdefault("selector", dict(selector))
    metadata = {"name": name, "namespace": namespace, **complete.pop("metadata", {})}
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": complete}


def address_of_family(addresses: Sequence[str], family: str) -> str:
    """The first address of the family, IPv4 or IPv6, or of any if `family` is empty; raises UsageError."""
    for address in addresses:
        if family in ("", "IPv6" if ":" in address else "IPv4"):
            return address
    raise UsageError(f"no address of {family or 'any family'} among {', '.join(addresses) or 'none'}")


def _port(spec: Mapping[str, Any], name: str | int | None) -> Object:
    ports: list[Object] = spec["ports"]
    if name is None:
        return ports[0]
    for port in ports:
        if name in (port.get("name"), port["port"]):
            return port
    known = ", ".join(f"{port.get('name', '-')}:{port['port']}" for port in ports)
    raise UsageError(f"the Service has no port {name!r}; it has {known}")


def _protocol(port: Mapping[str, Any]) -> Protocol:
    return Protocol(port.get("protocol", "TCP").lower())


def _ingress(service: Mapping[str, Any]) -> list[str]:
    ingress = service.get("status", {}).get("loadBalancer", {}).get("ingress") or ()
    return [address["ip"] for address in ingress if address.get("ip")]


def _assigned(service: Mapping[str, Any]) -> bool:
    """Its status has an address of a load balancer."""
    return bool(_ingress(service))
