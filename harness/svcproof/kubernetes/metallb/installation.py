"""MetalLB in a cluster for as long as a context lasts, in layer 2 mode."""

from collections.abc import Iterator
from contextlib import contextmanager

from svcproof.errors import ProbeError, ProvisionError, Rejected
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.metallb.manifests import GROUP, Manifest
from svcproof.kubernetes.objects.apply import CRD, apply_objects, in_order_of_need, object_refs, refuse_existing
from svcproof.kubernetes.objects.cluster_access import LABEL, METALLB, ClusterAccess, with_label
from svcproof.kubernetes.objects.rollout import await_rollout
from svcproof.limits import Provision
from svcproof.model.cluster import Progress
from svcproof.model.cluster_spec import AddressSpan
from svcproof.wait import empty, provisioned
from svcproof.wait.predicates import in_words

NAME = "svcproof"
"""The name of its pool, its advertisement and the Service on trial."""
OF_RUN, OF_CLUSTER = "of-run", "of-cluster"
EXCLUDE = "node.kubernetes.io/exclude-from-external-load-balancers"
IMAGES = (
    "put the images of MetalLB into the nodes, or give a manifest with images they can pull with --metallb-manifest; "
    "svcproof images names all"
)
OUTSIDE_ITS_NAMESPACE = (
    "admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration",
    "admissionregistration.k8s.io/v1 MutatingWebhookConfiguration",
    "v1 Namespace",
    "ClusterRoleBinding",
    "ClusterRole",
    CRD,
)
"""Kinds of its objects, in the order they are deleted in: its webhooks first, since they refuse while it goes; its
own kinds last, when no object of them is left."""


@contextmanager
def install(
    access: ClusterAccess, manifest: Manifest, pool: tuple[AddressSpan, ...], progress: Progress
) -> Iterator[None]:
    """Get MetalLB into the cluster; on leaving, remove it, unless the cluster goes as well.

    The proxy must be there before: MetalLB, and the API server that asks its webhook, use Services. Raises
    ProvisionError if it is there already, or does not come up.
    """
    kube = access.kube
    objects = [_with_labels(item, access) for item in in_order_of_need(manifest.objects)]
    refs = object_refs(kube, objects)
    refuse_existing(kube, refs, "MetalLB's")
    try:
        progress(f"installing MetalLB {manifest.version}")
        apply_objects(kube, objects, refs, access.token)
        if access.ends_with_run:
            _admit_nodes(kube)
        progress("waiting for MetalLB's controller and its speaker on every node")
        await_rollout(kube, manifest.controller, Provision.METALLB_READY, images=IMAGES)
        await_rollout(kube, manifest.speaker, Provision.METALLB_READY, images=IMAGES)
        progress("waiting for MetalLB's webhook to accept its pool")
        for item in configuration(manifest.namespace, pool):
            _apply_once_accepted(kube, _with_labels(item, access))
        progress("waiting for MetalLB to give an address and announce it")
        _try_service(kube, _with_labels(trial_service(manifest, pool), access))
        yield
    finally:
        if not access.ends_with_run:
            progress("removing MetalLB")
            remove(kube, access.token)


def remove(kube: Kube, token: str) -> None:
    """Remove the MetalLB that a run has installed, and wait until nothing of it is left."""
    for kind in OUTSIDE_ITS_NAMESPACE:
        names = [item["metadata"]["name"] for item in kube.list(kind, labels=f"{METALLB},{LABEL}={token}")]
        for name in names:
            kube.delete(kind, name, missing_ok=True)
        for name in names:
            kube.wait_gone(kind, name, within=Provision.OBJECTS_GONE)


def configuration(namespace: str, pool: tuple[AddressSpan, ...]) -> tuple[Object, Object]:
    """The pool, and that it is announced by layer 2. https://metallb.io/configuration/#layer-2-configuration."""
    metadata = {"name": NAME, "namespace": namespace}
    addresses = [f"{span.first}-{span.last}" for span in pool]
    version = f"{GROUP}/v1beta1"
    return (
        {"apiVersion": version, "kind": "IPAddressPool", "metadata": metadata, "spec": {"addresses": addresses}},
        {
            "apiVersion": version,
            "kind": "L2Advertisement",
            "metadata": metadata,
            "spec": {"ipAddressPools": [NAME]},
        },
    )


def _apply_once_accepted(kube: Kube, item: Object) -> None:
    """Apply an object whose webhook may not answer yet; raises ProvisionError if it says no, or never answers."""

    def trouble() -> str:
        try:
            kube.apply(item)
        except Rejected as refusal:
            raise ProvisionError(f"MetalLB refuses its configuration: {refusal}") from refusal
        except ProbeError as error:
            return str(error)
        return ""

    what = f"MetalLB's webhook, to accept {item['kind']} {NAME}"
    provisioned(what, trouble, empty("It is accepted."), Provision.METALLB_CONFIGURED, every=1.0)


def _try_service(kube: Kube, service: Object) -> None:
    """Make a Service, see that it gets an address and that a speaker announces it, and delete it."""
    created = kube.create(service)
    namespace = created["metadata"]["namespace"]
    try:
        kube.wait("Service", NAME, namespace, until=_assigned, within=Provision.METALLB_ASSIGNS)
        kube.wait_list(
            "Event",
            namespace,
            until=in_words("it has done so", lambda events: any(_announces(event, created) for event in events)),
            what="a speaker of MetalLB that announces an address",
            within=Provision.METALLB_ASSIGNS,
        )
    finally:
        kube.delete("Service", NAME, namespace, missing_ok=True)
    kube.wait_gone("Service", NAME, namespace, within=Provision.OBJECTS_GONE)


def trial_service(manifest: Manifest, pool: tuple[AddressSpan, ...]) -> Object:
    """A Service of type LoadBalancer whose endpoint is MetalLB's controller, which nobody asks there."""
    both = {span.first.version for span in pool} == {4, 6}
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": NAME, "namespace": manifest.namespace},
        "spec": {
            "type": "LoadBalancer",
            "selector": manifest.controller["spec"]["selector"]["matchLabels"],
            "ports": [{"port": 80}],
            "ipFamilyPolicy": "PreferDualStack" if both else "SingleStack",
            "allocateLoadBalancerNodePorts": False,
        },
    }


def _assigned(service: Object) -> bool:
    """MetalLB has given it an address."""
    return bool(service.get("status", {}).get("loadBalancer", {}).get("ingress"))


def _announces(event: Object, service: Object) -> bool:
    return bool(event["reason"] == "nodeAssigned" and event["involvedObject"].get("uid") == service["metadata"]["uid"])


def _admit_nodes(kube: Kube) -> None:
    """Have every node announce addresses: kubeadm excludes the control plane's."""
    for node in kube.list("Node"):
        if EXCLUDE in node["metadata"].get("labels", {}):
            kube.patch("Node", node["metadata"]["name"], "", {"metadata": {"labels": {EXCLUDE: None}}})


def _with_labels(manifest: Object, access: ClusterAccess) -> Object:
    return with_label(with_label(manifest, access.token), OF_CLUSTER if access.ends_with_run else OF_RUN, METALLB)
