"""Dumps of one node's rules, recorded in labs of three proxies before and after a change.

Each lab had two Services in `default`, beside the cluster's own: `echo`, a load balancer with a TCP and a UDP port,
whose endpoints were 10.244.0.9 and 10.244.1.9, and `db`, a node port with endpoints 10.244.0.9 and 10.244.0.10. The
change took the second endpoint from `echo`. A third, `bare`, had no endpoints before, and was deleted.
"""

import json
from pathlib import Path

from svcproof.evidence.subject import Subject, subject
from svcproof.model.cluster import Node
from svcproof.model.evidence import RuleDump

RECORDED = Path(__file__).parent / "recorded"
PROXIES = ("reference", "kube-proxy-nftables", "kube-proxy-iptables")
NODES = (Node("node-a", ("172.30.0.11",)), Node("node-b", ("172.30.0.12",)), Node("node-c", ("172.30.0.13",)))
ENDPOINTS = {"echo": ("10.244.0.9", "10.244.1.9"), "db": ("10.244.0.9", "10.244.0.10")}
PORTS = {"echo": (8080, 5353), "db": (8080,)}


def dump(proxy: str, when: str) -> RuleDump:
    """The dump of node-a `before` or `after` the change."""
    texts = {path.suffix[1:]: path.read_text() for path in sorted((RECORDED / proxy).glob(f"{when}.*"))}
    return RuleDump("node-a", {"before": 1000.0, "after": 1060.0}[when], texts)


def recorded_subject(proxy: str, service: str) -> Subject:
    """The subject of a check of one Service."""
    manifest = json.loads((RECORDED / proxy / f"{service}.json").read_text())
    endpoints = [{"addresses": [address]} for address in ENDPOINTS[service]]
    piece = {"endpoints": endpoints, "ports": [{"port": port} for port in PORTS[service]]}
    return subject((), [manifest], [piece], (), ("10.244.2.9",), NODES)
