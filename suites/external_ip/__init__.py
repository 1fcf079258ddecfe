"""externalIPs: addresses the cluster does not manage, served by every node they reach."""
