"""The IP families, in nft's words. A proxy keeps one table per family."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Family:
    """One IP family: its table's family and address type in nft, its addressType in EndpointSlices."""

    version: int
    nft: str
    address_type: str
    slice_type: str

    def addresses(self, texts: Iterable[str]) -> tuple[str, ...]:
        """Keep what is an address of this family, once each: one that is not would spoil the whole transaction."""
        return tuple(dict.fromkeys(text for text in texts if self._is_address(text)))

    def ranges(self, texts: Iterable[str]) -> tuple[str, ...]:
        """Keep the ranges of this family that lie in no other, for nft wants no overlaps in a set."""
        known = dict.fromkeys(one for text in texts for one in _network(text) if one.version == self.version)
        return tuple(str(one) for one in known if not any(_within(one, other) for other in known))

    def _is_address(self, text: str) -> bool:
        try:
            return ip_address(text).version == self.version
        except ValueError:
            return False


def _network(text: str) -> tuple[Network, ...]:
    try:
        return (ip_network(text.strip(), strict=False),)
    except ValueError:
        return ()


def _within(inner: Network, outer: Network) -> bool:
    return inner.prefixlen > outer.prefixlen and inner.network_address in outer


IPV4 = Family(4, "ip", "ipv4_addr", "IPv4")
IPV6 = Family(6, "ip6", "ipv6_addr", "IPv6")
