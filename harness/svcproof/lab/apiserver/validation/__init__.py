"""The rules for objects of each kind, with the messages of a real API server (pkg/apis/*/validation)."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from svcproof.json_objects import Object
from svcproof.lab.apiserver.errors import Cause
from svcproof.lab.apiserver.resources import Resource
from svcproof.lab.apiserver.validation import (
    cluster,
    data,
    endpoints,
    ingress,
    jobs,
    metadata,
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


def _same_rules(check: Creation) -> tuple[Creation, Update]:
    """The rules of a kind with the same ones for new and for changed objects."""
    return check, lambda item, old: check(item)


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
    causes = metadata.validate_metadata(resource, item)
    return [*causes, *RULES[resource.type][0](item)] if resource.type in RULES else causes


def validate_update(resource: Resource, item: Object, old: Object, subresource: str) -> list[Cause]:
    """Return what is wrong with a changed object; a subresource changes little that has rules."""
    causes = metadata.validate_labels(item)
    if resource.type == "core.Service" and subresource == "status":
        return [*causes, *service.validate_service_status(item)]
    if subresource == "ephemeralcontainers":
        return [*causes, *pod.validate_ephemeral(item, old)]
    if subresource or resource.type not in RULES:
        return causes
    return [*causes, *RULES[resource.type][1](item, old)]
