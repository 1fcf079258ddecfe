"""Which Services are a proxy's business at all."""

from dataclasses import replace

from harness.lab.proxy.state import Service, State

OTHER_PROXY = "service.kubernetes.io/service-proxy-name"
HEADLESS = "service.kubernetes.io/headless"


def select(state: State) -> State:
    """Leave out Services without a virtual address, and those whose label hands them to another proxy.

    https://kubernetes.io/docs/reference/labels-annotations-taints/#servicekubernetesioservice-proxy-name
    """
    return replace(state, services=tuple(one for one in state.services if _served(one)))


def _served(service: Service) -> bool:
    has_address = service.type != "ExternalName" and service.cluster_ips not in ((), ("None",))
    return has_address and not service.labels & {OTHER_PROXY, HEADLESS}
