"""Frozen values, Protocols for the seams, and judging: pure functions of values."""
