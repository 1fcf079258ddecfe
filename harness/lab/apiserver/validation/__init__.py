"""What objects must satisfy, with the messages of a real API server (pkg/apis/*/validation)."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from harness.lab.apiserver.errors import Cause
from harness.lab.apiserver.resources import Resource
from harness.lab.apiserver.validation.data import validate_data, validate_data_update
from harness.lab.apiserver.validation.endpoint_slice import validate_endpoint_slice, validate_endpoint_slice_update
from harness.lab.apiserver.validation.load_balancer_status import validate_service_status
from harness.lab.apiserver.validation.metadata import validate_labels, validate_metadata
from harness.lab.apiserver.validation.pod import validate_pod, validate_pod_update
from harness.lab.apiserver.validation.service import validate_service, validate_service_update
from harness.lab.apiserver.validation.workloads import validate_workload, validate_workload_update
from harness.model.cluster import Object

WORKLOADS = ("apps.DaemonSet", "apps.Deployment", "apps.ReplicaSet", "apps.StatefulSet")
CREATION: Mapping[str, Callable[[Object], list[Cause]]] = MappingProxyType(
    {
        "core.ConfigMap": validate_data,
        "core.Pod": validate_pod,
        "core.Secret": validate_data,
        "core.Service": validate_service,
        "discovery.EndpointSlice": validate_endpoint_slice,
        **dict.fromkeys(WORKLOADS, validate_workload),
    }
)
CHANGE: Mapping[str, Callable[[Object, Object], list[Cause]]] = MappingProxyType(
    {
        "core.ConfigMap": validate_data_update,
        "core.Pod": validate_pod_update,
        "core.Secret": validate_data_update,
        "core.Service": validate_service_update,
        "discovery.EndpointSlice": validate_endpoint_slice_update,
        **dict.fromkeys(WORKLOADS, validate_workload_update),
    }
)


def validate(resource: Resource, item: Object) -> list[Cause]:
    """Return what is wrong with a new object."""
    causes = validate_metadata(resource, item)
    return [*causes, *CREATION[resource.type](item)] if resource.type in CREATION else causes


def validate_update(resource: Resource, item: Object, old: Object, subresource: str) -> list[Cause]:
    """Return what is wrong with a changed object; a subresource changes little that has rules."""
    causes = validate_labels(item)
    if resource.type == "core.Service" and subresource == "status":
        return [*causes, *validate_service_status(item)]
    if subresource or resource.type not in CHANGE:
        return causes
    return [*causes, *CHANGE[resource.type](item, old)]
