"""The lab: a Kubernetes cluster of this machine's network namespaces. `python -m harness.lab` is its process."""
