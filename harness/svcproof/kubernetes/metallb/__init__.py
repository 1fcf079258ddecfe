"""MetalLB, for clusters in which nothing serves Services of type LoadBalancer."""

from svcproof.kubernetes.metallb.installing import OF_CLUSTER, installed, remove
from svcproof.kubernetes.metallb.manifest import Manifest, manifest
from svcproof.kubernetes.metallb.pool import pool, pool_problems
from svcproof.kubernetes.metallb.present import no_layer2, pools, present, versions

__all__ = [
    "OF_CLUSTER",
    "Manifest",
    "installed",
    "manifest",
    "no_layer2",
    "pool",
    "pool_problems",
    "pools",
    "present",
    "remove",
    "versions",
]
