"""Faults of allocation: what a Service is given wrongly, once it has been found right."""

from svcproof.json_objects import Object
from svcproof.lab.apiserver.allocation import Claim
from svcproof.lab.apiserver.services.traits import has_cluster_ip
from svcproof.lab.faults.controllers import (
    EXTERNAL_NAME_KEEPS_CLUSTER_IP,
    HEADLESS_GETS_CLUSTER_IP,
    NO_NODE_PORT_FOR_LOAD_BALANCER,
    NODE_PORTS_DESPITE_SETTING,
)


def distort(service: Object, old: Object | None, claim: Claim, faults: frozenset[str]) -> None:
    """Change a Service that was `old` before, in place, as the faults switched on say."""
    spec, before = service["spec"], old["spec"] if old else {}
    if spec.get("clusterIP") == "None" and HEADLESS_GETS_CLUSTER_IP.name in faults:
        spec["clusterIP"] = claim.address(claim.pools.families[0])
        spec["clusterIPs"] = [spec["clusterIP"]]
    if not has_cluster_ip(spec) and before.get("clusterIP") and EXTERNAL_NAME_KEEPS_CLUSTER_IP.name in faults:
        spec["clusterIP"], spec["clusterIPs"] = before["clusterIP"], before["clusterIPs"]
    if spec["type"] == "LoadBalancer" and NO_NODE_PORT_FOR_LOAD_BALANCER.name in faults:
        for port in spec["ports"]:
            claim.release_port(port.pop("nodePort", 0))
    if spec["type"] == "LoadBalancer" and NODE_PORTS_DESPITE_SETTING.name in faults:
        for port in spec["ports"]:
            port["nodePort"] = port.get("nodePort") or claim.port()
