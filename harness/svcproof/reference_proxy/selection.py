"""The selection of the Services and EndpointSlices that a proxy has to serve."""

from dataclasses import replace

from svcproof.reference_proxy.state import Service, State

OTHER_PROXY = "service.kubernetes.io/service-proxy-name"


def select(state: State) -> State:
    """Leave out Services without a virtual address, those whose label hands them to another proxy, and headless slices.

    https://kubernetes.io/docs/reference/labels-annotations-taints/#servicekubernetesioservice-proxy-name
    https://kubernetes.io/docs/reference/labels-annotations-taints/#servicekubernetesioheadless
    """
    slices = {key: tuple(item for item in slices if not item.headless) for key, slices in state.slices.items()}
    return replace(state, services=tuple(filter(_is_served, state.services)), slices=slices)


def _is_served(service: Service) -> bool:
    has_address = service.type != "ExternalName" and service.cluster_ips not in ((), ("None",))
    return has_address and OTHER_PROXY not in service.labels
