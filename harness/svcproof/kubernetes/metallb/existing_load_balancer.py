"""The load balancer that a cluster has already, and what MetalLB there has to give away."""

from collections.abc import Iterator, Mapping
from ipaddress import ip_address, ip_network

from svcproof.errors import NotFound, Rejected
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.metallb.manifests import GROUP, image_of, version_of
from svcproof.model.cluster_spec import AddressSpan

POOL = f"{GROUP}/v1beta1 IPAddressPool"
ADVERTISEMENT = f"{GROUP}/v1beta1 L2Advertisement"
OTHERS = {
    "kube-vip": "kube-vip",
    "klipper-lb": "k3s ServiceLB",
    "purelb": "PureLB",
    "openelb": "OpenELB",
    "kube-loxilb": "LoxiLB",
}
"""Title by a part of the image's name."""
NO_CLOUDS = {"", "kind", "k3s", "k3d", "minikube", "metal3", "vsphere"}
"""Schemes of providerIDs behind which nobody has load balancers to give."""


def existing_load_balancer(kube: Kube) -> str:
    """Return what gives Services their addresses there, in words; empty if there is nothing.

    What the account may not list does not show.
    """
    return next(_load_balancers(kube), "")


def lack_of_layer2(kube: Kube) -> str:
    """The reason to doubt that load balancers are served by MetalLB in layer 2 mode; empty if they are."""
    if _list(kube, ADVERTISEMENT):
        return ""
    served_by = existing_load_balancer(kube) or "nothing"
    return f"no L2Advertisement of MetalLB can be seen; load balancers are served by {served_by}"


def address_pools(kube: Kube) -> tuple[AddressSpan, ...]:
    """Return the addresses that MetalLB has to give away; none if there is no MetalLB, or it may not be asked."""
    pools = _list(kube, POOL)
    return tuple(_span(addresses) for pool in pools for addresses in pool["spec"].get("addresses") or ())


def versions(kube: Kube) -> Mapping[str, str]:
    """Return MetalLB's version by its name, if it is there and its image's tag tells; otherwise nothing."""
    pods = (deployment["spec"]["template"]["spec"] for deployment in _list(kube, "Deployment"))
    controller = next((image for pod in pods if (image := image_of(pod, "controller"))), "")
    version = version_of(controller).removeprefix("v")
    return {"MetalLB": version} if version else {}


def _load_balancers(kube: Kube) -> Iterator[str]:
    workloads = [*_list(kube, "Deployment"), *_list(kube, "DaemonSet")]
    for workload in workloads:
        if image := image_of(workload["spec"]["template"]["spec"], "controller"):
            yield " ".join(("MetalLB", *filter(None, [version_of(image)]), "in", workload["metadata"]["namespace"]))
    specs = [workload["spec"]["template"]["spec"] for workload in workloads]
    specs += [pod["spec"] for pod in _list(kube, "Pod", "kube-system")]  # Static ones have no workload.
    for image in (container["image"] for spec in specs for container in spec["containers"]):
        yield from (title for part, title in OTHERS.items() if part in image.rpartition("/")[2])
    for gateway_class in _list(kube, "gateway.networking.k8s.io/v1 GatewayClass"):
        if gateway_class["metadata"]["name"] == "cloud-provider-kind":
            yield "cloud-provider-kind"
    for service in _list(kube, "Service"):
        if service["spec"].get("type") == "LoadBalancer" and (addresses := _ingress(service)):
            metadata = service["metadata"]
            yield f"something that has given Service {metadata['namespace']}/{metadata['name']} {addresses}"
    for node in _list(kube, "Node"):
        if (identity := node["spec"].get("providerID", "")).partition(":")[0] not in NO_CLOUDS:
            yield f"a cloud provider: node {node['metadata']['name']} has the providerID {identity}"


def _list(kube: Kube, kind: str, namespace: str = "") -> list[Object]:
    try:
        return kube.list(kind, namespace)
    except NotFound:
        return []
    except Rejected as refusal:
        if not refusal.forbidden:
            raise
        return []


def _ingress(service: Object) -> str:
    ingress = service.get("status", {}).get("loadBalancer", {}).get("ingress") or ()
    return ", ".join(address.get("ip") or address.get("hostname") or "" for address in ingress)


def _span(text: str) -> AddressSpan:
    """Read an entry of a pool: a range in CIDR notation, or the first and the last address."""
    first, dash, last = text.partition("-")
    if dash:
        return AddressSpan(first=ip_address(first.strip()), last=ip_address(last.strip()))
    network = ip_network(text.strip(), strict=False)
    return AddressSpan(first=network[0], last=network[-1])
