"""What objects must satisfy, with the messages of a real API server (pkg/apis/*/validation)."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from harness.lab.apiserver.errors import Cause
from harness.lab.apiserver.resources import Resource
from harness.lab.apiserver.validation.data import validate_data, validate_data_update
from harness.lab.apiserver.validation.endpoint_slice import validate_endpoint_slice, validate_endpoint_slice_update
from harness.lab.apiserver.validation.endpoints import validate_endpoints, validate_endpoints_update
from harness.lab.apiserver.validation.jobs import (
    validate_cron_job,
    validate_cron_job_update,
    validate_job,
    validate_job_update,
)
from harness.lab.apiserver.validation.load_balancer_status import validate_service_status
from harness.lab.apiserver.validation.metadata import validate_labels, validate_metadata
from harness.lab.apiserver.validation.pod import validate_pod, validate_pod_update
from harness.lab.apiserver.validation.service import validate_service, validate_service_update
from harness.lab.apiserver.validation.storage import validate_claim, validate_claim_update, validate_volume
from harness.lab.apiserver.validation.workloads import (
    validate_pod_template,
    validate_replication_controller,
    validate_workload,
    validate_workload_update,
)
from harness.model.cluster import Object

WORKLOADS = ("apps.DaemonSet", "apps.Deployment", "apps.ReplicaSet", "apps.StatefulSet")
Creation = Callable[[Object], list[Cause]]
Update = Callable[[Object, Object], list[Cause]]


def _alike(check: Creation) -> tuple[Creation, Update]:
    """The rules of a kind whose objects may become whatever they could have been from the start."""
    return check, lambda item, old: check(item)


RULES: Mapping[str, tuple[Creation, Update]] = MappingProxyType(
    {
        "batch.CronJob": (validate_cron_job, validate_cron_job_update),
        "batch.Job": (validate_job, validate_job_update),
        "core.ConfigMap": (validate_data, validate_data_update),
        "core.Endpoints": (validate_endpoints, validate_endpoints_update),
        "core.PersistentVolume": _alike(validate_volume),
        "core.PersistentVolumeClaim": (validate_claim, validate_claim_update),
        "core.Pod": (validate_pod, validate_pod_update),
        "core.PodTemplate": _alike(validate_pod_template),
        "core.ReplicationController": _alike(validate_replication_controller),
        "core.Secret": (validate_data, validate_data_update),
        "core.Service": (validate_service, validate_service_update),
        "discovery.EndpointSlice": (validate_endpoint_slice, validate_endpoint_slice_update),
        **dict.fromkeys(WORKLOADS, (validate_workload, validate_workload_update)),
    }
)
"""By kind, what new objects must satisfy, and what changed ones."""


def validate(resource: Resource, item: Object) -> list[Cause]:
    """Return what is wrong with a new object."""
    causes = validate_metadata(resource, item)
    return [*causes, *RULES[resource.type][0](item)] if resource.type in RULES else causes


def validate_update(resource: Resource, item: Object, old: Object, subresource: str) -> list[Cause]:
    """Return what is wrong with a changed object; a subresource changes little that has rules."""
    causes = validate_labels(item)
    if resource.type == "core.Service" and subresource == "status":
        return [*causes, *validate_service_status(item)]
    if subresource or resource.type not in RULES:
        return causes
    return [*causes, *RULES[resource.type][1](item, old)]
