"""Bystanders: Services that stand throughout a run, which nothing that happens to other Services may disturb."""
