"""Dual stack: Services of both IP families."""
