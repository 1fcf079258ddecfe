"""Predicates on what DNS answers."""


def resolves(lookup):
    """The name has records."""
    return bool(lookup.records)
