"""Which Services and EndpointSlices are a proxy's business at all."""

from dataclasses import replace

from svcproof.reference_proxy.state import Service, State

OTHER_PROXY = "service.kubernetes.io/service-proxy-name"


def select(state: State) -> State:
    """Leave out Services without a virtual address, those whose label hands them to another proxy, and headless slices.

    https://kubernetes.io/docs/reference/labels-annotations-taints/#servicekubernetesioservice-proxy-name
    https://kubernetes.io/docs/reference/labels-annotations-taints/#servicekubernetesioheadless
    """
    slices = {key: tuple(one for one in known if not one.headless) for key, known in state.slices.items()}
    return replace(state, services=tuple(one for one in state.services if _served(one)), slices=slices)


def _served(service: Service) -> bool:
    has_address = service.type != "ExternalName" and service.cluster_ips not in ((), ("None",))
    return has_address and OTHER_PROXY not in service.labels
