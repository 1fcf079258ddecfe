"""The values of fields that were left out, as the API's defaulting functions set them."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from harness.lab.apiserver.defaults.discovery import default_endpoint_slice
from harness.lab.apiserver.defaults.others import default_namespace
from harness.lab.apiserver.defaults.service import default_service
from harness.lab.apiserver.resources import Resource
from harness.model.cluster import Object

DEFAULTS: Mapping[str, Callable[[Object], None]] = MappingProxyType(
    {
        "core.Service": default_service,
        "core.Namespace": default_namespace,
        "discovery.EndpointSlice": default_endpoint_slice,
    }
)


def set_defaults(resource: Resource, item: Object) -> None:
    """Fill in the defaults of `item`, in place."""
    if resource.type in DEFAULTS:
        DEFAULTS[resource.type](item)
