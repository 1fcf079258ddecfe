"""Manifests of the Services that stand throughout a run: pure functions."""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import Any

from svcproof.json_objects import Object
from svcproof.kubernetes.sample.service import service_manifest
from svcproof.model.bystander import Kind

PREFIX = "bystander-"
SELECTOR = {"app": "echo"}
EXTERNAL_NAME = "bystander.example.org"
TCP: Object = {"name": "tcp", "port": 80, "targetPort": 8080, "protocol": "TCP"}
UDP: Object = {"name": "udp", "port": 80, "targetPort": 8080, "protocol": "UDP"}
Specs = Mapping[str, Mapping[str, Any]]
"""Specs of Services, by the end of their names."""
SPECS: Mapping[Kind, Specs] = {
    Kind.CLUSTER_IP: {"tcp": {"ports": [TCP]}},
    Kind.UDP: {"udp": {"ports": [UDP]}},
    Kind.BOTH: {"both": {"ports": [TCP, UDP]}},
    Kind.NODE_PORT: {"node-port": {"type": "NodePort", "ports": [TCP, UDP]}},
    Kind.LOAD_BALANCER: {"load-balancer": {"type": "LoadBalancer", "ports": [TCP]}},
    Kind.EXTERNAL_IP: {"external-ip": {"ports": [TCP, UDP]}},
    Kind.POLICY: {
        "local-inside": {"internalTrafficPolicy": "Local", "ports": [TCP]},
        "local-outside": {"type": "NodePort", "externalTrafficPolicy": "Local", "ports": [TCP]},
    },
    Kind.AFFINITY: {"affinity": {"sessionAffinity": "ClientIP", "ports": [TCP]}},
    Kind.BY_HAND: {"by-hand": {"ports": [TCP]}},
    Kind.NAMES: {
        "headless": {"clusterIP": "None", "ports": [TCP]},
        "external-name": {"type": "ExternalName", "externalName": EXTERNAL_NAME},
    },
    Kind.BUILT_IN: {},
}
"""The Services that are made for each kind; the built-in ones are there already."""


def services(kind: Kind, namespace: str, external_address: Callable[[], str]) -> list[Object]:
    """The Services of a kind; one with an externalIP takes the next address."""
    manifests = []
    for name, spec in SPECS[kind].items():
        selector = None if kind is Kind.BY_HAND or "externalName" in spec else SELECTOR
        addresses = {"externalIPs": [external_address()]} if kind is Kind.EXTERNAL_IP else {}
        manifests.append(service_manifest(PREFIX + name, namespace, selector, deepcopy({**spec, **addresses})))
    return manifests


def slices_by_hand(namespace: str, pods: Sequence[tuple[str, str]]) -> list[Object]:
    """Two EndpointSlices of the Service without a selector, for pods given by address and node."""
    service = f"{PREFIX}by-hand"
    halves = (pods[: len(pods) // 2], pods[len(pods) // 2 :])
    return [
        {
            "apiVersion": "discovery.k8s.io/v1",
            "kind": "EndpointSlice",
            "metadata": {
                "name": f"{service}-{number}",
                "namespace": namespace,
                "labels": {"kubernetes.io/service-name": service},
            },
            "addressType": "IPv6" if ":" in half[0][0] else "IPv4",
            "ports": [{"name": "tcp", "port": 8080, "protocol": "TCP"}],
            "endpoints": [
                {"addresses": [address], "nodeName": node, "conditions": {"ready": True}} for address, node in half
            ],
        }
        for number, half in enumerate(halves, 1)
        if half
    ]
