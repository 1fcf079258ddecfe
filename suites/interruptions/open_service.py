"""Services with every door, over TCP and UDP, for what an interruption may have done to any of them."""

from svcproof import Capability, Feature

from ..clauses import VIRTUAL_IPS

OTHERS = "For each Service traffic to its addresses is redirected to its own endpoints."
ASSIGNMENT = VIRTUAL_IPS + "#ip-address-assignment-to-services"
PORTS = [
    {"name": "main", "port": 80, "targetPort": 8080},
    {"name": "datagrams", "port": 80, "targetPort": 8080, "protocol": "UDP"},
]
MOVED = [{**port, "port": 81} for port in PORTS]
EDITED = {
    "ports": MOVED,
    "internalTrafficPolicy": "Local",
    "externalTrafficPolicy": "Local",
    "sessionAffinity": "ClientIP",
    "loadBalancerSourceRanges": ["192.0.2.0/24", "2001:db8::/32"],
    "externalIPs": [],
}
"""Another value for each field that says how a Service is served."""
NEEDS = {Capability.LOAD_BALANCER, Capability.EXTERNAL_ADDRESSES}
CLAIMS = {Feature.NODE_PORT, Feature.LOAD_BALANCER, Feature.EXTERNAL_IPS}


def open_service(workload, external_address, **spec):
    """Make a Service of these pods with a ClusterIP, node ports, a load balancer's address and an externalIP."""
    service = workload.service(**{"type": "LoadBalancer", "externalIPs": [external_address()], "ports": PORTS} | spec)
    service.load_balancer_addresses()
    return service


def changed(service, workload, other, external_address):
    """Lead a Service to the pods of `workload`, and make another Service of `other` pods: return that one."""
    service.patch(selector=workload.labels)
    younger = open_service(other, external_address)
    workload.workbench.await_endpoints(service, len(workload.pods))
    return younger
