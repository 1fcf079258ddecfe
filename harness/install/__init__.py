"""All that a run puts into a cluster, awaited and taken away: pods and Services, the proxy under test, MetalLB."""
