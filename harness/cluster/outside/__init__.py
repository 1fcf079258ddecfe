"""Clients outside a cluster that exists: this machine, or hosts reached by ssh."""
