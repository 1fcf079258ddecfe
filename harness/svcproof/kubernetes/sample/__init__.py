"""The sample workloads of a run: agent pods, and the Services that checks make for them."""
