"""Clusters of Kubernetes, reached by their API: the sample workloads, the proxy under test, MetalLB, and kind."""
