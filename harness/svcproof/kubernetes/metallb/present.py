"""What serves Services of type LoadBalancer in a cluster already."""

from collections.abc import Iterator, Mapping
from ipaddress import ip_address, ip_network

from svcproof.errors import NotFound, Rejected
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.metallb.manifest import GROUP, image_of, version_of
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
"""What an image of it has in its name, and what it is called."""
NO_CLOUDS = {"", "kind", "k3s", "k3d", "minikube", "metal3", "vsphere"}
"""Schemes of providerIDs behind which nobody has load balancers to give."""


def present(kube: Kube) -> str:
    """Return what gives Services their addresses there, in words; empty where nothing is found.

    What the account may not list is not seen.
    """
    return next(_found(kube), "")


def no_layer2(kube: Kube) -> str:
    """Why what serves load balancers there is not known to be MetalLB in layer 2 mode; empty where it is."""
    if _listed(kube, ADVERTISEMENT):
        return ""
    return f"no L2Advertisement of MetalLB can be seen; load balancers are served by {present(kube) or 'nothing'}"


def pools(kube: Kube) -> tuple[AddressSpan, ...]:
    """Return the addresses that MetalLB has to give away; none where there is no MetalLB, or it may not be asked."""
    found = _listed(kube, POOL)
    return tuple(_span(one) for pool in found for one in pool["spec"].get("addresses") or ())


def versions(kube: Kube) -> Mapping[str, str]:
    """Return MetalLB's version by its name, where it is there and its image's tag tells; otherwise nothing."""
    pods = (one["spec"]["template"]["spec"] for one in _listed(kube, "Deployment"))
    found = next((image for pod in pods if (image := image_of(pod, "controller"))), "")
    version = version_of(found).removeprefix("v")
    return {"MetalLB": version} if version else {}


def _found(kube: Kube) -> Iterator[str]:
    workloads = [*_listed(kube, "Deployment"), *_listed(kube, "DaemonSet")]
    for one in workloads:
        if image := image_of(one["spec"]["template"]["spec"], "controller"):
            yield " ".join(("MetalLB", *filter(None, [version_of(image)]), "in", one["metadata"]["namespace"]))
    specs = [one["spec"]["template"]["spec"] for one in workloads]
    specs += [one["spec"] for one in _listed(kube, "Pod", "kube-system")]  # Static ones have no workload.
    for image in (container["image"] for spec in specs for container in spec["containers"]):
        yield from (title for part, title in OTHERS.items() if part in image.rpartition("/")[2])
    for one in _listed(kube, "gateway.networking.k8s.io/v1 GatewayClass"):
        if one["metadata"]["name"] == "cloud-provider-kind":
            yield "cloud-provider-kind"
    for one in _listed(kube, "Service"):
        if one["spec"].get("type") == "LoadBalancer" and (given := _ingress(one)):
            yield f"something that has given Service {one['metadata']['namespace']}/{one['metadata']['name']} {given}"
    for one in _listed(kube, "Node"):
        if (identity := one["spec"].get("providerID", "")).partition(":")[0] not in NO_CLOUDS:
            yield f"a cloud provider: node {one['metadata']['name']} has the providerID {identity}"


def _listed(kube: Kube, kind: str, namespace: str = "") -> list[Object]:
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
    return ", ".join(one.get("ip") or one.get("hostname") or "" for one in ingress)


def _span(text: str) -> AddressSpan:
    """Read an entry of a pool: a range in CIDR notation, or the first and the last address."""
    first, dash, last = text.partition("-")
    if dash:
        return AddressSpan(first=ip_address(first.strip()), last=ip_address(last.strip()))
    whole = ip_network(text.strip(), strict=False)
    return AddressSpan(first=whole[0], last=whole[-1])
