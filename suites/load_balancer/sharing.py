"""Metadata and spec of Services that share an address, or have one that a check writes."""

# The key by the name it has today, and by the one that MetalLB before 0.14.9 knows.
NAMES = ("metallb.io/allow-shared-ip", "metallb.universe.tf/allow-shared-ip")
SHARED = {"annotations": dict.fromkeys(NAMES, "together")}
BY_HAND = {"type": "LoadBalancer", "loadBalancerClass": "example.com/by-hand"}
"""A Service that no load balancer of the cluster takes for its own: its status is what a check writes."""
