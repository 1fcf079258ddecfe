"""LoadBalancer: an address from outside the cluster that leads to the Service."""
