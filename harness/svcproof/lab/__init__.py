"""The lab: a Kubernetes cluster of this machine's network namespaces. `python -m svcproof.lab` brings one up."""
