"""From a Service and its pods to endpoints and their ports: pure functions."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from svcproof.json_objects import Object
from svcproof.lab.controllers.pod import addresses, is_over, is_ready, is_terminating
from svcproof.lab.controllers.selector import contains, labels_of

ZONE = "topology.kubernetes.io/zone"
SKIP = "endpointslice.kubernetes.io/skip-mirror"
LEADER = "control-plane.alpha.kubernetes.io/leader"


@dataclass(frozen=True, slots=True)
class Port:
    """A port of an EndpointSlice: the name is the Service port's, the number the pod's."""

    name: str
    protocol: str
    number: int
    application: str | None = None

    def to_json(self) -> Object:
        """As the API has it."""
        also = {"appProtocol": self.application} if self.application else {}
        return {"name": self.name, "protocol": self.protocol, "port": self.number, **also}


Ports = tuple[Port, ...]
ByPorts = Mapping[Ports, Sequence[Object]]
Conditions = Callable[[Object, Object], Object]
"""From a Service and a pod to the conditions of their endpoint."""


def is_headless(service: Object) -> bool:
    """True if it was made without a ClusterIP on purpose."""
    return bool(service["spec"].get("clusterIP") == "None")


def gets_endpoints(service: Object) -> bool:
    """True if the controllers fill its endpoints: it has a selector, and is not a mere name."""
    return bool(service["spec"].get("selector")) and service["spec"].get("type") != "ExternalName"


def is_mirrored(endpoints: Object, service: Object) -> bool:
    """True if Endpoints made by hand are copied to EndpointSlices: their Service has no selector, nothing forbids it.

    https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#endpointslice-mirroring
    """
    skipped = labels_of(endpoints).get(SKIP) == "true" or LEADER in (endpoints["metadata"].get("annotations") or {})
    return not skipped and not service["spec"].get("selector")


def selects(service: Object, pod: Object) -> bool:
    """True if the pod is one of the Service's."""
    if service["metadata"]["namespace"] != pod["metadata"]["namespace"]:
        return False
    return contains(labels_of(pod), service["spec"]["selector"])


def has_address(pod: Object) -> bool:
    """True if the pod can be an endpoint at all: it has an address, and has not run to its end."""
    return bool(addresses(pod)) and not is_over(pod)


def ports(service: Object, pod: Object) -> Ports:
    """The Service's ports as numbers on this pod; a name that the pod does not know is left out."""
    numbered = ((port, _number(port, pod)) for port in service["spec"].get("ports") or ())
    return tuple(
        Port(port.get("name", ""), port.get("protocol", "TCP"), number, port.get("appProtocol"))
        for port, number in numbered
        if number
    )


def _number(port: Object, pod: Object) -> int | None:
    target = port.get("targetPort") or port["port"]
    if isinstance(target, int):
        # containerPort is informational: what a container does not declare can be reached as well.
        return target
    for container in _long_running(pod):
        for offered in container.get("ports") or ():
            if offered.get("name") == target and offered.get("protocol", "TCP") == port.get("protocol", "TCP"):
                return int(offered["containerPort"])
    return None


def _long_running(pod: Object) -> Iterable[Object]:
    """Its containers, and the init containers that go on beside them."""
    yield from pod["spec"]["containers"]
    for container in pod["spec"].get("initContainers") or ():
        if container.get("restartPolicy") == "Always":
            yield container


def by_ports(endpoints: Iterable[tuple[Ports, Object]]) -> dict[Ports, list[Object]]:
    """Sort endpoints by the ports they serve: pods may resolve a named port to different numbers."""
    sorted_endpoints: dict[Ports, list[Object]] = {}
    for served, endpoint in endpoints:
        sorted_endpoints.setdefault(served, []).append(endpoint)
    return sorted_endpoints


def conditions(service: Object, pod: Object) -> Object:
    """Ready, serving, terminating: https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#conditions."""
    published = bool(service["spec"].get("publishNotReadyAddresses"))
    serving, terminating = is_ready(pod), is_terminating(pod)
    return {"ready": published or (serving and not terminating), "serving": serving, "terminating": terminating}


def endpoint(
    service: Object, pod: Object, nodes: Mapping[str, Object], family: str, conditions: Conditions
) -> Object | None:
    """The endpoint that a pod is for a Service, or None where it has no address of this family."""
    own = [address for address in addresses(pod) if family_of(address) == family]
    if not own:
        return None
    metadata, node = pod["metadata"], pod["spec"].get("nodeName")
    zone = labels_of(nodes[node]).get(ZONE) if node in nodes else None
    hostname = pod["spec"].get("hostname") if pod["spec"].get("subdomain") == service["metadata"]["name"] else None
    state = conditions(service, pod)
    distribution = service["spec"].get("trafficDistribution", "") if state["ready"] else ""
    optional: Object = {"nodeName": node, "zone": zone, "hostname": hostname, "hints": hints(distribution, zone, node)}
    return {
        "addresses": own,
        "conditions": state,
        "targetRef": {"kind": "Pod", **{key: metadata[key] for key in ("namespace", "name", "uid")}},
        **{key: value for key, value in optional.items() if value},
    }


def hints(distribution: str, zone: str | None, node: str | None) -> Object:
    """The zones and nodes that an endpoint is meant for, by spec.trafficDistribution; empty for everybody.

    https://kubernetes.io/docs/reference/networking/virtual-ips/#traffic-distribution
    """
    meant: Object = {}
    if zone and distribution in ("PreferClose", "PreferSameZone", "PreferSameNode"):
        meant["forZones"] = [{"name": zone}]
    if node and distribution == "PreferSameNode":
        meant["forNodes"] = [{"name": node}]
    return meant


def family_of(address: str) -> str:
    """IPv4 or IPv6, as the API spells it."""
    return f"IPv{ip_address(address).version}"
