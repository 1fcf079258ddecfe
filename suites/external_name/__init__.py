"""ExternalName: a name in the cluster for a name elsewhere."""
