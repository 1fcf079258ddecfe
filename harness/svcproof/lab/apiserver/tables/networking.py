"""Columns of Services, their endpoints, Ingresses and policies."""

from svcproof.json_objects import Object
from svcproof.lab.apiserver.selectors import selector_text
from svcproof.lab.apiserver.tables.column import AGE, NAME, Column, default_name, get, label_text


def _external_ip(service: Object) -> str:
    spec = service["spec"]
    addresses: list[str] = list(spec.get("externalIPs") or [])
    match spec.get("type"):
        case "LoadBalancer":
            return ",".join(_ingress_addresses(service) + addresses) or "<pending>"
        case "ExternalName":
            return str(spec.get("externalName", ""))
        case "ClusterIP" | "NodePort":
            return ",".join(addresses) or "<none>"
        case _:
            return "<unknown>"


def _ports(service: Object) -> str:
    shown = []
    for port in service["spec"].get("ports") or []:
        node = f":{port['nodePort']}" if port.get("nodePort") else ""
        shown.append(f"{port['port']}{node}/{port.get('protocol', 'TCP')}")
    return ",".join(shown) or "<none>"


def _abbreviation(values: list[str], unset: str, shown: int = 3) -> str:
    """The first few values, and the number of the others."""
    if not values:
        return unset
    more = f" + {len(values) - shown} more..." if len(values) > shown else ""
    return ",".join(values[:shown]) + more


def _slice_ports(item: Object) -> str:
    ports = item.get("ports") or []
    return _abbreviation([str(port.get("port") or port.get("name") or "*") for port in ports], "<unset>")


def _slice_addresses(item: Object) -> str:
    addresses = [address for endpoint in item.get("endpoints") or [] for address in endpoint.get("addresses") or []]
    return _abbreviation(addresses, "<unset>")


def _subsets(item: Object) -> str:
    pairs = [
        f"[{ip}]:{port['port']}" if port and ":" in ip else f"{ip}:{port['port']}" if port else ip
        for subset in item.get("subsets") or []
        for port in subset.get("ports") or [None]
        for ip in (address["ip"] for address in subset.get("addresses") or [])
    ]
    return _abbreviation(pairs, "<none>")


def _parent(item: Object) -> str:
    parent = item.get("spec", {}).get("parentRef") or {}
    name = "/".join(filter(None, (parent.get("namespace"), parent.get("name"))))
    resource = ".".join(filter(None, (parent.get("resource"), parent.get("group"))))
    return f"{resource}/{name}"


def _ingress_addresses(item: Object) -> list[str]:
    ingresses = (item.get("status") or {}).get("loadBalancer", {}).get("ingress") or []
    return sorted({*filter(None, (ingress.get("ip") or ingress.get("hostname", "") for ingress in ingresses))})


def _hosts(item: Object) -> str:
    hosts = [rule["host"] for rule in item["spec"].get("rules") or [] if rule.get("host")]
    return _abbreviation(hosts, "*")


def _parameters(item: Object) -> str:
    parameters = item["spec"].get("parameters")
    return (
        f"{'.'.join(filter(None, (parameters['kind'], parameters.get('apiGroup'))))}/{parameters['name']}"
        if parameters
        else "<none>"
    )


COLUMNS = {
    "core.Service": (
        NAME,
        Column("Type", get("spec.type")),
        Column("Cluster-IP", lambda item: item["spec"].get("clusterIP") or "<none>"),
        Column("External-IP", _external_ip),
        Column("Port(s)", _ports),
        AGE,
        Column("Selector", lambda item: label_text(item["spec"].get("selector")), wide=True),
    ),
    "discovery.EndpointSlice": (
        NAME,
        Column("AddressType", get("addressType")),
        Column("Ports", _slice_ports),
        Column("Endpoints", _slice_addresses),
        AGE,
    ),
    "networking.Ingress": (
        NAME,
        Column("Class", get("spec.ingressClassName", "<none>")),
        Column("Hosts", _hosts),
        Column("Address", lambda item: ",".join(_ingress_addresses(item))),
        Column("Ports", lambda item: "80, 443" if item["spec"].get("tls") else "80"),
        AGE,
    ),
    "networking.IngressClass": (
        default_name("ingressclass.kubernetes.io/is-default-class"),
        Column("Controller", get("spec.controller")),
        Column("Parameters", _parameters),
        AGE,
    ),
    "core.Endpoints": (NAME, Column("Endpoints", _subsets), AGE),
    "networking.IPAddress": (NAME, Column("ParentRef", _parent), AGE),
    "networking.ServiceCIDR": (NAME, Column("CIDRs", lambda item: ",".join(item["spec"].get("cidrs") or [])), AGE),
    "networking.NetworkPolicy": (
        NAME,
        Column("Pod-Selector", lambda item: selector_text(item["spec"].get("podSelector") or {}) or "<none>"),
        AGE,
    ),
}
