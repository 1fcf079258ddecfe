"""From a Service and its pods to endpoints and their ports: pure functions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address

from svcproof.json_objects import Object
from svcproof.lab.controllers.pod import addresses, is_over, is_ready, is_terminating
from svcproof.lab.controllers.selector import contains, labels_of
from svcproof.lab.faults import controllers as fault

Faults = frozenset[str]
ZONE = "topology.kubernetes.io/zone"


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


def is_headless(service: Object) -> bool:
    """Whether it was made without a ClusterIP on purpose."""
    return bool(service["spec"].get("clusterIP") == "None")


def gets_endpoints(service: Object, faults: Faults) -> bool:
    """Whether the controllers fill its endpoints: it has a selector, and is not a mere name."""
    is_name = service["spec"].get("type") == "ExternalName" and fault.EXTERNAL_NAME_GETS_ENDPOINTS.name not in faults
    return (bool(service["spec"].get("selector")) or fault.SELECTOR_IGNORED.name in faults) and not is_name


def selects(service: Object, pod: Object, faults: Faults) -> bool:
    """Whether the pod is one of the Service's."""
    if service["metadata"]["namespace"] != pod["metadata"]["namespace"]:
        return False
    return fault.SELECTOR_IGNORED.name in faults or contains(labels_of(pod), service["spec"]["selector"])


def has_address(pod: Object) -> bool:
    """Whether the pod can be an endpoint at all: it has an address, and has not run to its end."""
    return bool(addresses(pod)) and not is_over(pod)


def ports(service: Object, pod: Object, faults: Faults) -> Ports:
    """The Service's ports as numbers on this pod; a name that the pod does not know is left out."""
    wanted = service["spec"].get("ports") or ()
    if fault.FIRST_PORT_ONLY.name in faults:
        wanted = wanted[:1]
    numbered = ((one, _number(one, pod, faults)) for one in wanted)
    return tuple(
        Port(one.get("name", ""), one.get("protocol", "TCP"), number, one.get("appProtocol"))
        for one, number in numbered
        if number
    )


def _number(port: Object, pod: Object, faults: Faults) -> int | None:
    target = port.get("targetPort") or port["port"]
    if fault.TARGET_PORT_IGNORED.name in faults:
        return int(port["port"])
    if isinstance(target, int):
        # containerPort is informational: what a container does not declare can be reached as well.
        return target if fault.UNDECLARED_PORTS_LEFT_OUT.name not in faults or _declares(pod, target) else None
    for container in _long_running(pod, faults):
        for offered in container.get("ports") or ():
            if offered.get("name") == target and offered.get("protocol", "TCP") == port.get("protocol", "TCP"):
                return int(offered["containerPort"])
    return None


def _declares(pod: Object, number: int) -> bool:
    declared = (port for container in pod["spec"]["containers"] for port in container.get("ports") or ())
    return any(port["containerPort"] == number for port in declared)


def _long_running(pod: Object, faults: Faults) -> Iterable[Object]:
    """Its containers, and the init containers that go on beside them."""
    yield from pod["spec"]["containers"]
    if fault.SIDECAR_PORTS_UNKNOWN.name not in faults:
        yield from (one for one in pod["spec"].get("initContainers") or () if one.get("restartPolicy") == "Always")


def endpoint(service: Object, pod: Object, nodes: Mapping[str, Object], family: str, faults: Faults) -> Object | None:
    """The endpoint that a pod is for a Service, or None where it has no address of this family."""
    own = [one for one in addresses(pod) if family_of(one) == family]
    if not own:
        return None
    metadata, node = pod["metadata"], pod["spec"].get("nodeName")
    named = node if fault.NO_NODE_NAMES.name not in faults else None
    zone = labels_of(nodes[node]).get(ZONE) if node in nodes else None
    hostname = pod["spec"].get("hostname") if pod["spec"].get("subdomain") == service["metadata"]["name"] else None
    optional: Object = {"nodeName": named, "zone": zone, "hostname": hostname}
    state = conditions(service, pod, faults)
    if state["ready"] and fault.NO_HINTS.name not in faults:
        optional["hints"] = hints(service["spec"].get("trafficDistribution", ""), zone, node)
    return {
        "addresses": own,
        "conditions": state,
        "targetRef": {
            "kind": "Pod",
            "namespace": metadata["namespace"],
            "name": metadata["name"],
            "uid": metadata["uid"],
        },
        **{key: value for key, value in optional.items() if value},
    }


def conditions(service: Object, pod: Object, faults: Faults) -> Object:
    """Ready, serving, terminating: https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#conditions."""
    published = bool(service["spec"].get("publishNotReadyAddresses"))
    if fault.NOT_READY_ADDRESSES_WITHHELD.name in faults:
        published = False
    serving = is_ready(pod) or fault.UNREADY_ENDPOINTS_READY.name in faults
    terminating = is_terminating(pod)
    kept = terminating and fault.TERMINATING_KEPT_READY.name in faults
    return {
        "ready": published or kept or (serving and not terminating),
        "serving": serving,
        "terminating": terminating and not kept,
    }


def hints(distribution: str, zone: str | None, node: str | None) -> Object:
    """For which zones and nodes an endpoint is meant, by spec.trafficDistribution; empty for everybody.

    https://kubernetes.io/docs/reference/networking/virtual-ips/#traffic-distribution
    """
    found: Object = {}
    if zone and distribution in ("PreferClose", "PreferSameZone", "PreferSameNode"):
        found["forZones"] = [{"name": zone}]
    if node and distribution == "PreferSameNode":
        found["forNodes"] = [{"name": node}]
    return found


def family_of(address: str) -> str:
    """IPv4 or IPv6, as the API spells it."""
    return f"IPv{ip_address(address).version}"
