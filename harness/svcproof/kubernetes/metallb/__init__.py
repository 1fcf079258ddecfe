"""MetalLB, for clusters in which nothing serves Services of type LoadBalancer."""

from svcproof.kubernetes.metallb.address_pool import free_addresses, pool_problems
from svcproof.kubernetes.metallb.existing_load_balancer import (
    address_pools,
    existing_load_balancer,
    lack_of_layer2,
    versions,
)
from svcproof.kubernetes.metallb.installation import OF_CLUSTER, install, remove
from svcproof.kubernetes.metallb.manifests import Manifest, manifest

__all__ = [
    "OF_CLUSTER",
    "Manifest",
    "address_pools",
    "existing_load_balancer",
    "free_addresses",
    "install",
    "lack_of_layer2",
    "manifest",
    "pool_problems",
    "remove",
    "versions",
]
