"""Addresses and ranges as values. Each text is read once: a sweep asks for the same few thousands of times."""

from functools import lru_cache
from ipaddress import ip_address, ip_network

from svcproof.addresses import Address, Range

KNOWN = 4096
"""Texts whose values are remembered."""


@lru_cache(maxsize=KNOWN)
def address_of(text: str) -> Address:
    """Read an address; raises ValueError where the text is none."""
    return ip_address(text)


@lru_cache(maxsize=KNOWN)
def range_of(text: str) -> Range:
    """Read a range, or an address as a range of its own; bits beyond its length are left out."""
    return ip_network(text.strip(), strict=False)


def version_of(text: str) -> int:
    """Return 4 or 6."""
    return address_of(text).version
