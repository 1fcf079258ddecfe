"""The objects that a cluster has from the start."""

from harness.lab.apiserver.metadata import now
from harness.lab.apiserver.options import WriteOptions
from harness.lab.apiserver.resources import find
from harness.lab.apiserver.target import Target
from harness.lab.apiserver.write import Writer
from harness.lab.layout import API_PORT, Layout
from harness.model.cluster import Object

NAMESPACES = ("default", "kube-system", "kube-public", "kube-node-lease")


def bootstrap(writer: Writer, layout: Layout) -> None:
    """Create namespaces, the Service `kubernetes` with its endpoints, and the declaration of the Service ranges."""
    for name in NAMESPACES:
        _create(writer, "", "namespaces", "", {"metadata": {"name": name}})
    ranges = {"cidrs": [str(one) for one in layout.service_ranges]}
    ready = {"type": "Ready", "status": "True", "reason": "", "message": "Kubernetes default Service CIDR is ready"}
    ready["lastTransitionTime"] = now()
    _create(
        writer,
        "networking.k8s.io",
        "servicecidrs",
        "",
        {"metadata": {"name": "kubernetes"}, "spec": ranges, "status": {"conditions": [ready]}},
    )
    labels = {"component": "apiserver", "provider": "kubernetes"}
    port = {"name": "https", "port": 443, "protocol": "TCP", "targetPort": API_PORT}
    spec = {"clusterIPs": list(layout.api_service), "clusterIP": layout.api_service[0], "ports": [port]}
    if len(layout.api_service) == 2:
        spec["ipFamilyPolicy"] = "RequireDualStack"
    _create(writer, "", "services", "default", {"metadata": {"name": "kubernetes", "labels": labels}, "spec": spec})
    for address in layout.fabric:
        _create(writer, "discovery.k8s.io", "endpointslices", "default", _slice(address, layout))


def _slice(address: str, layout: Layout) -> Object:
    family = "IPv6" if ":" in address else "IPv4"
    name = "kubernetes" if address == layout.fabric[0] else f"kubernetes-{family.lower()}"
    return {
        "metadata": {"name": name, "labels": {"kubernetes.io/service-name": "kubernetes"}},
        "addressType": family,
        "endpoints": [{"addresses": [address], "conditions": {"ready": True}}],
        "ports": [{"name": "https", "port": API_PORT, "protocol": "TCP"}],
    }


def _create(writer: Writer, group: str, plural: str, namespace: str, item: Object) -> None:
    resource = find(group, "v1", plural)
    if resource is None:
        raise LookupError(f"the catalogue has no resource {plural}")
    writer.create(Target(resource=resource, namespace=namespace), item, WriteOptions())
