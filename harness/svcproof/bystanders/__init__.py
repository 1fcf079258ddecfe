"""Bystanders: Services that stand throughout a run and are looked at all the time, in the background of the checks."""
