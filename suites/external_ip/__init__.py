"""externalIPs: addresses the cluster does not manage, served where their traffic enters it. Deprecated since 1.36."""
