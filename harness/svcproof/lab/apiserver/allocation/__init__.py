"""The allocation of ClusterIPs and node ports.

https://kubernetes.io/docs/concepts/services-networking/cluster-ip-allocation/ and
https://kubernetes.io/docs/concepts/services-networking/service/#avoid-nodeport-collisions
"""

from svcproof.lab.apiserver.allocation.pools import Claim, Pools, pools
from svcproof.lab.apiserver.allocation.services import claim_for_creation, claim_for_update, release

__all__ = ["Claim", "Pools", "claim_for_creation", "claim_for_update", "pools", "release"]
