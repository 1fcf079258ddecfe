"""The rules for objects of each kind, with the messages of a real API server (pkg/apis/*/validation)."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from svcproof.json_objects import Object
from svcproof.lab.apiserver.errors import Cause
from svcproof.lab.apiserver.resources import Resource
from svcproof.lab.apiserver.validation.cluster import (
    validate_address,
    validate_binding,
    validate_binding_update,
    validate_event,
    validate_lease,
    validate_node,
    validate_ranges,
    validate_revision,
    validate_role,
    validate_storage_class,
)
from svcproof.lab.apiserver.validation.data import (
    validate_data,
    validate_data_update,
    validate_secret,
    validate_secret_update,
)
from svcproof.lab.apiserver.validation.endpoints import (
    validate_endpoint_slice,
    validate_endpoint_slice_update,
    validate_endpoints,
    validate_endpoints_update,
)
from svcproof.lab.apiserver.validation.ingress import validate_ingress, validate_ingress_class
from svcproof.lab.apiserver.validation.jobs import (
    validate_cron_job,
    validate_cron_job_update,
    validate_job,
    validate_job_update,
)
from svcproof.lab.apiserver.validation.metadata import validate_labels, validate_metadata
from svcproof.lab.apiserver.validation.network_policy import validate_network_policy
from svcproof.lab.apiserver.validation.pod import validate_ephemeral, validate_pod, validate_pod_update
from svcproof.lab.apiserver.validation.policies import (
    validate_autoscaler,
    validate_budget,
    validate_limits,
    validate_priority_class,
    validate_quota,
)
from svcproof.lab.apiserver.validation.service import validate_service, validate_service_status, validate_service_update
from svcproof.lab.apiserver.validation.storage import validate_claim, validate_claim_update, validate_volume
from svcproof.lab.apiserver.validation.workloads import (
    validate_pod_template,
    validate_replication_controller,
    validate_workload,
    validate_workload_update,
)

WORKLOADS = ("apps.DaemonSet", "apps.Deployment", "apps.ReplicaSet", "apps.StatefulSet")
Creation = Callable[[Object], list[Cause]]
Update = Callable[[Object, Object], list[Cause]]


def _same_rules(check: Creation) -> tuple[Creation, Update]:
    """The rules of a kind with the same ones for new and for changed objects."""
    return check, lambda item, old: check(item)


RULES: Mapping[str, tuple[Creation, Update]] = MappingProxyType(
    {
        "apps.ControllerRevision": _same_rules(validate_revision),
        "autoscaling.HorizontalPodAutoscaler": _same_rules(validate_autoscaler),
        "autoscalingv2.HorizontalPodAutoscaler": _same_rules(validate_autoscaler),
        "batch.CronJob": (validate_cron_job, validate_cron_job_update),
        "batch.Job": (validate_job, validate_job_update),
        "core.ConfigMap": (validate_data, validate_data_update),
        "core.Endpoints": (validate_endpoints, validate_endpoints_update),
        "core.Event": _same_rules(validate_event),
        "core.LimitRange": _same_rules(validate_limits),
        "core.Node": _same_rules(validate_node),
        "core.PersistentVolume": _same_rules(validate_volume),
        "core.PersistentVolumeClaim": (validate_claim, validate_claim_update),
        "core.Pod": (validate_pod, validate_pod_update),
        "core.PodTemplate": _same_rules(validate_pod_template),
        "core.ReplicationController": _same_rules(validate_replication_controller),
        "core.ResourceQuota": _same_rules(validate_quota),
        "core.Secret": (validate_secret, validate_secret_update),
        "core.Service": (validate_service, validate_service_update),
        "coordination.Lease": _same_rules(validate_lease),
        "discovery.EndpointSlice": (validate_endpoint_slice, validate_endpoint_slice_update),
        "networking.IPAddress": _same_rules(validate_address),
        "networking.Ingress": _same_rules(validate_ingress),
        "networking.IngressClass": _same_rules(validate_ingress_class),
        "networking.NetworkPolicy": _same_rules(validate_network_policy),
        "networking.ServiceCIDR": _same_rules(validate_ranges),
        "policy.PodDisruptionBudget": _same_rules(validate_budget),
        "rbac.ClusterRole": _same_rules(validate_role),
        "rbac.ClusterRoleBinding": (validate_binding, validate_binding_update),
        "rbac.Role": _same_rules(validate_role),
        "rbac.RoleBinding": (validate_binding, validate_binding_update),
        "scheduling.PriorityClass": _same_rules(validate_priority_class),
        "storage.StorageClass": _same_rules(validate_storage_class),
        **dict.fromkeys(WORKLOADS, (validate_workload, validate_workload_update)),
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
        return [*causes, *validate_service_status(item)]
    if subresource == "ephemeralcontainers":
        return [*causes, *validate_ephemeral(item, old)]
    if subresource or resource.type not in RULES:
        return causes
    return [*causes, *RULES[resource.type][1](item, old)]
