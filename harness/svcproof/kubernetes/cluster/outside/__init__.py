"""Clients outside a cluster that exists: this machine, or others by ssh, where they reach the nodes."""
