"""Clients outside a cluster that exists: this machine, where it reaches the nodes."""
