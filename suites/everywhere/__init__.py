"""Worlds of several Services, asked from all vantages at all doors at once, and held against the rules."""
