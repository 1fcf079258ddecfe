"""Services with every door that a cluster has room for, and EndpointSlices for them that are made by hand."""

from ipaddress import ip_address, ip_network

from svcproof import Feature

from ..slices import slice_with

NOBODYS = "svcproof.dev/nobody"
"""A load balancer class that no load balancer claims: the check gives the addresses."""
DRAINING = {"ready": False, "serving": True, "terminating": True}
UNREADY = {"ready": False, "serving": False, "terminating": False}
SERVING = {"ready": False, "serving": True, "terminating": False}
GONE = {"ready": False, "serving": False, "terminating": True}
PUBLISHED = {"ready": True, "serving": True, "terminating": True}
READY = {"ready": True, "serving": True, "terminating": False}
BOTH = [
    {"name": "stream", "port": 80, "targetPort": 8080, "protocol": "TCP"},
    {"name": "datagram", "port": 80, "targetPort": 8081, "protocol": "UDP"},
]
"""One port number for two protocols, each with a target of its own."""


class Doors:
    """Makes Services with a ClusterIP, node ports, an externalIP and an address of a load balancer.

    All of one check share the last two addresses, where the cluster has any to spare, and tell their ports apart.
    """

    def __init__(self, workbench, spare_address):
        self.workbench = workbench
        self.external, self.balanced = spare_address(), spare_address()
        self._number = 79

    def port(self, **fields):
        """A port with a number that no other Service of the check has."""
        self._number += 1
        return {"name": "main", "port": self._number, "targetPort": 8080, **fields}

    def both(self, target=8080):
        """One number for both protocols, as `port` gives it."""
        number = self.port()["port"]
        return [
            {"name": protocol.lower(), "port": number, "targetPort": target, "protocol": protocol}
            for protocol in ("TCP", "UDP")
        ]

    def service(self, kind="svc", selector=None, **spec):
        """Make a Service whose name begins so; without a selector its slices are the check's own affair."""
        external = [self.external] if self.external else []
        usual = {"type": "LoadBalancer", "loadBalancerClass": NOBODYS, "externalIPs": external}
        service = self.workbench.service(
            self.workbench.name(kind), selector, **usual, **{"ports": [self.port()], **spec}
        )
        if self.balanced:
            service.assign(self.balanced)
        return service

    def targets_inside(self, service, node, claims):
        """The targets of one of them for clients in the cluster: at each of its addresses, and at a node."""
        inside = service.at_cluster_ip()
        external = self.external if Feature.EXTERNAL_IPS_FROM_INSIDE in claims.features else None
        addresses = [inside.at(address=address) for address in (external, self.balanced) if address]
        return [inside, *addresses, service.at_node(node)]


def around(*addresses):
    """The smallest range that holds all of these addresses of one family, as a list."""
    network = ip_network(addresses[0])
    while not all(ip_address(address) in network for address in addresses):
        network = network.supernet()
    return [str(network)]


def endpoint(pod, conditions=READY, **fields):
    """An endpoint at the address of a pod, on its node."""
    said = {} if conditions is None else {"conditions": conditions}
    return {"addresses": [pod.address], "nodeName": pod.node, **said, **fields}


def listed(workbench, service, *endpoints, **fields):
    """Put a slice of a Service there, with these endpoints; `fields` take the place of its own."""
    made = slice_with(service, workbench.name("slice"), list(endpoints))
    return workbench.create({**made, **fields})
