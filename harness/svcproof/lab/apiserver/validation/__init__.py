"""The rules for objects of each kind, with the messages of a real API server (pkg/apis/*/validation)."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from svcproof.json_objects import Object
from svcproof.lab.apiserver.errors import Cause, invalid, required, too_long
from svcproof.lab.apiserver.names import address, check, dns_label, dns_subdomain, labels, qualified_name
from svcproof.lab.apiserver.resources import Resource
from svcproof.lab.apiserver.validation import (
    cluster,
    data,
    endpoints,
    ingress,
    jobs,
    network_policy,
    pod,
    policies,
    service,
    storage,
    workloads,
)

WORKLOADS = ("apps.DaemonSet", "apps.Deployment", "apps.ReplicaSet", "apps.StatefulSet")
Creation = Callable[[Object], list[Cause]]
Update = Callable[[Object, Object], list[Cause]]
LABEL_NAMES = frozenset({"core.Service", "core.Namespace"})
"""Kinds whose name becomes a DNS label."""
FREE_NAMES = frozenset({"rbac.Role", "rbac.RoleBinding", "rbac.ClusterRole", "rbac.ClusterRoleBinding"})
ANNOTATIONS_LIMIT = 256 * 1024


def _same_rules(rules: Creation) -> tuple[Creation, Update]:
    """The rules of a kind with the same ones for new and for changed objects."""
    return rules, lambda item, old: rules(item)


RULES: Mapping[str, tuple[Creation, Update]] = MappingProxyType(
    {
        "apps.ControllerRevision": _same_rules(cluster.validate_revision),
        "autoscaling.HorizontalPodAutoscaler": _same_rules(policies.validate_autoscaler),
        "autoscalingv2.HorizontalPodAutoscaler": _same_rules(policies.validate_autoscaler),
        "batch.CronJob": (jobs.validate_cron_job, jobs.validate_cron_job_update),
        "batch.Job": (jobs.validate_job, jobs.validate_job_update),
        "core.ConfigMap": (data.validate_data, data.validate_data_update),
        "core.Endpoints": (endpoints.validate_endpoints, endpoints.validate_endpoints_update),
        "core.Event": _same_rules(cluster.validate_event),
        "core.LimitRange": _same_rules(policies.validate_limits),
        "core.Node": _same_rules(cluster.validate_node),
        "core.PersistentVolume": _same_rules(storage.validate_volume),
        "core.PersistentVolumeClaim": (storage.validate_claim, storage.validate_claim_update),
        "core.Pod": (pod.validate_pod, pod.validate_pod_update),
        "core.PodTemplate": _same_rules(lambda item: pod.validate_template(item["template"], "template")),
        "core.ReplicationController": _same_rules(workloads.validate_replication_controller),
        "core.ResourceQuota": _same_rules(policies.validate_quota),
        "core.Secret": (data.validate_secret, data.validate_secret_update),
        "core.Service": (service.validate_service, service.validate_service_update),
        "coordination.Lease": _same_rules(cluster.validate_lease),
        "discovery.EndpointSlice": (endpoints.validate_endpoint_slice, endpoints.validate_endpoint_slice_update),
        "networking.IPAddress": _same_rules(cluster.validate_address),
        "networking.Ingress": _same_rules(ingress.validate_ingress),
        "networking.IngressClass": _same_rules(ingress.validate_ingress_class),
        "networking.NetworkPolicy": _same_rules(network_policy.validate_network_policy),
        "networking.ServiceCIDR": _same_rules(cluster.validate_ranges),
        "policy.PodDisruptionBudget": _same_rules(policies.validate_budget),
        "rbac.ClusterRole": _same_rules(cluster.validate_role),
        "rbac.ClusterRoleBinding": (cluster.validate_binding, cluster.validate_binding_update),
        "rbac.Role": _same_rules(cluster.validate_role),
        "rbac.RoleBinding": (cluster.validate_binding, cluster.validate_binding_update),
        "scheduling.PriorityClass": _same_rules(policies.validate_priority_class),
        "storage.StorageClass": _same_rules(cluster.validate_storage_class),
        **dict.fromkeys(WORKLOADS, (workloads.validate_workload, workloads.validate_workload_update)),
    }
)
"""By kind, the rules for new objects and those for changed ones."""


def validate(resource: Resource, item: Object) -> list[Cause]:
    """Return what is wrong with a new object."""
    causes = validate_metadata(resource, item)
    return [*causes, *RULES[resource.type][0](item)] if resource.type in RULES else causes


def validate_update(resource: Resource, item: Object, old: Object, subresource: str) -> list[Cause]:
    """Return what is wrong with a changed object; a subresource changes little that has rules."""
    causes = validate_labels(item)
    if resource.type == "core.Service" and subresource == "status":
        return [*causes, *service.validate_service_status(item)]
    if subresource == "ephemeralcontainers":
        return [*causes, *pod.validate_ephemeral(item, old)]
    if subresource or resource.type not in RULES:
        return causes
    return [*causes, *RULES[resource.type][1](item, old)]


def validate_metadata(resource: Resource, item: Object) -> list[Cause]:
    """Return what is wrong with the metadata of a new object."""
    metadata = item["metadata"]
    name = metadata.get("name", "")
    if not name:
        causes = [required("metadata.name", "name or generateName is required")]
    elif resource.type in FREE_NAMES:
        causes = []
    elif resource.type == "networking.IPAddress":
        causes = check(address, name, "metadata.name")
    elif resource.type in LABEL_NAMES:
        causes = check(dns_label, name, "metadata.name")
    else:
        causes = check(dns_subdomain, name, "metadata.name")
    return [*causes, *validate_labels(item)]


def validate_labels(item: Object) -> list[Cause]:
    """Return what is wrong with labels, annotations and finalizers."""
    metadata = item["metadata"]
    annotations = metadata.get("annotations") or {}
    causes = labels(metadata.get("labels") or {}, "metadata.labels")
    for key in sorted(annotations):
        causes += check(qualified_name, key.lower(), "metadata.annotations")
    if sum(len(key) + len(value) for key, value in annotations.items()) > ANNOTATIONS_LIMIT:
        causes.append(too_long("metadata.annotations", ANNOTATIONS_LIMIT))
    causes += _owners(metadata.get("ownerReferences") or [])
    for index, finalizer in enumerate(metadata.get("finalizers") or []):
        if "/" not in finalizer and finalizer not in {"foregroundDeletion", "orphan", "kubernetes"}:
            why = "name is neither a standard finalizer name nor is it fully qualified"
            causes.append(invalid(f"metadata.finalizers[{index}]", finalizer, why))
    return causes


def _owners(references: list[Object]) -> list[Cause]:
    """Refuse owners that are not named in full, and more than one controller among them."""
    field, causes = "metadata.ownerReferences", list[Cause]()
    for reference in references:
        if not reference["apiVersion"]:
            causes.append(invalid(f"{field}.apiVersion", "", "version must not be empty"))
        needed = [key for key in ("kind", "name", "uid") if not reference[key]]
        causes += [invalid(f"{field}.{key}", "", "must not be empty") for key in needed]
    controllers = [reference for reference in references if reference.get("controller")]
    if len(controllers) > 1:
        first, second = (f"{reference['kind']}/{reference['name']}" for reference in controllers[:2])
        why = f'Only one reference can have Controller set to true. Found "true" in references for {first} and {second}'
        shown = [{"apiVersion": reference["apiVersion"], **reference} for reference in references]
        causes.append(invalid(field, shown, why))
    return causes
