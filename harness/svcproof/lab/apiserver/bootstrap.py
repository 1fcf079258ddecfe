"""The objects that a cluster has from the start."""

from svcproof.json_objects import Object
from svcproof.lab.apiserver.metadata import now
from svcproof.lab.apiserver.options import WriteOptions
from svcproof.lab.apiserver.resources import known
from svcproof.lab.apiserver.store import key_of
from svcproof.lab.apiserver.target import Target
from svcproof.lab.apiserver.write import Writer
from svcproof.lab.layout import API_PORT, Layout

NAMESPACES = ("default", "kube-system", "kube-public", "kube-node-lease")


def bootstrap(writer: Writer, layout: Layout) -> None:
    """Create namespaces, the Service `kubernetes` with its endpoints, and the declaration of the Service ranges."""
    for name in NAMESPACES:
        _create(writer, "", "namespaces", "", {"metadata": {"name": name}})
    ranges = {"cidrs": [str(service_range) for service_range in layout.service_ranges]}
    ready = {"type": "Ready", "status": "True", "reason": "", "message": "Kubernetes default Service CIDR is ready"}
    ready["lastTransitionTime"] = now()
    service_cidr = {"metadata": {"name": "kubernetes"}, "spec": ranges, "status": {"conditions": [ready]}}
    _create(writer, "networking.k8s.io", "servicecidrs", "", service_cidr)
    _create_api_service(writer, layout)


async def keep_api_service(writer: Writer, layout: Layout) -> None:
    """Make the Service `kubernetes` again whenever somebody deletes it."""
    with writer.store.changes("services") as changes:
        while True:
            change = await changes.get()
            if change.deleted and key_of(change.new) == ("default", "kubernetes"):
                _create_api_service(writer, layout)


def _create_api_service(writer: Writer, layout: Layout) -> None:
    labels = {"component": "apiserver", "provider": "kubernetes"}
    port = {"name": "https", "port": 443, "protocol": "TCP", "targetPort": API_PORT}
    spec = {"clusterIPs": list(layout.api_service), "clusterIP": layout.api_service[0], "ports": [port]}
    if len(layout.api_service) == 2:
        spec["ipFamilyPolicy"] = "RequireDualStack"
    _create(writer, "", "services", "default", {"metadata": {"name": "kubernetes", "labels": labels}, "spec": spec})
    if writer.store.get("endpoints", ("default", "kubernetes")) is None:
        _create(writer, "", "endpoints", "default", _endpoints(layout))
    for address in layout.fabric:
        if writer.store.get("endpointslices.discovery.k8s.io", ("default", _slice_name(address, layout))) is None:
            _create(writer, "discovery.k8s.io", "endpointslices", "default", _slice(address, layout))


def _endpoints(layout: Layout) -> Object:
    """The Endpoints of the Service `kubernetes`: one family, not mirrored to EndpointSlices."""
    labels = {"endpointslice.kubernetes.io/skip-mirror": "true"}
    ports = [{"name": "https", "port": API_PORT, "protocol": "TCP"}]
    subset = {"addresses": [{"ip": layout.fabric[0]}], "ports": ports}
    return {"metadata": {"name": "kubernetes", "labels": labels}, "subsets": [subset]}


def _slice(address: str, layout: Layout) -> Object:
    family = "IPv6" if ":" in address else "IPv4"
    return {
        "metadata": {"name": _slice_name(address, layout), "labels": {"kubernetes.io/service-name": "kubernetes"}},
        "addressType": family,
        "endpoints": [{"addresses": [address], "conditions": {"ready": True}}],
        "ports": [{"name": "https", "port": API_PORT, "protocol": "TCP"}],
    }


def _slice_name(address: str, layout: Layout) -> str:
    return "kubernetes" if address == layout.fabric[0] else f"kubernetes-{'ipv6' if ':' in address else 'ipv4'}"


def _create(writer: Writer, group: str, plural: str, namespace: str, item: Object) -> None:
    writer.create(Target(resource=known(group, plural), namespace=namespace), item, WriteOptions())
