"""The Service kube-system/kube-dns and its EndpointSlices, which lead to a server that is no pod."""

import asyncio
import logging
from ipaddress import ip_address

import aiohttp

from svcproof.api_kinds import ENDPOINT_SLICES, SERVICES, ApiKind
from svcproof.json_objects import Object
from svcproof.lab.client import ApiError, Client
from svcproof.lab.layout import Layout

NAME, NAMESPACE, PORT = "kube-dns", "kube-system", 53
PORTS = (
    {"name": "dns", "port": PORT, "protocol": "UDP"},
    {"name": "dns-tcp", "port": PORT, "protocol": "TCP"},
)
RETRY = 0.1
log = logging.getLogger(__name__)


async def publish(client: Client, layout: Layout) -> None:
    """Create what does not exist yet; waits for the namespace, which the control plane makes.

    Raises ApiError where the API server will not have them.
    """
    objects = [(SERVICES, service(layout)), *((ENDPOINT_SLICES, endpoint_slice) for endpoint_slice in slices(layout))]
    for resource, body in objects:
        while not await _created(client, resource, body):
            await asyncio.sleep(RETRY)


def service(layout: Layout) -> Object:
    """The Service; without a selector, since there are no pods."""
    families = [f"IPv{ip_address(address).version}" for address in layout.dns_service]
    return {
        "metadata": {
            "name": NAME,
            "namespace": NAMESPACE,
            "labels": {"k8s-app": NAME, "kubernetes.io/cluster-service": "true"},
        },
        "spec": {
            "clusterIP": layout.dns_service[0],
            "clusterIPs": list(layout.dns_service),
            "ipFamilies": families,
            "ipFamilyPolicy": "SingleStack" if len(families) == 1 else "RequireDualStack",
            "ports": [{**port, "targetPort": PORT} for port in PORTS],
        },
    }


def slices(layout: Layout) -> list[Object]:
    """One slice per family, holding the fabric's address."""
    return [
        {
            "metadata": {
                "name": f"{NAME}-ipv{ip_address(address).version}",
                "namespace": NAMESPACE,
                "labels": {
                    "kubernetes.io/service-name": NAME,
                    "endpointslice.kubernetes.io/managed-by": "svcproof-dns",
                },
            },
            "addressType": f"IPv{ip_address(address).version}",
            "endpoints": [{"addresses": [address], "conditions": {"ready": True}}],
            "ports": list(PORTS),
        }
        for address in layout.fabric
    ]


async def _created(client: Client, resource: ApiKind, body: Object) -> bool:
    try:
        await client.create(resource, body)
    except ApiError as error:
        if error.reason == "AlreadyExists":
            return True
        if not error.not_found:
            raise
        log.info("kube-dns is not published yet: %s", error)
        return False
    except (aiohttp.ClientError, TimeoutError) as error:
        log.info("kube-dns is not published yet: %s", error)
        return False
    return True
