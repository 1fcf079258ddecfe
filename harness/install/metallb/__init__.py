"""MetalLB, for clusters in which nothing serves Services of type LoadBalancer."""

from harness.install.metallb.installing import OF_CLUSTER, OURS, installed, remove
from harness.install.metallb.manifest import Manifest, manifest
from harness.install.metallb.pool import pool, pool_problems
from harness.install.metallb.present import no_layer2, pools, present, versions

__all__ = [
    "OF_CLUSTER",
    "OURS",
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
