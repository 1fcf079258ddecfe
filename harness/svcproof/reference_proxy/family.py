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
        """Return the addresses of this family, each once: nft refuses a whole transaction for a wrong one."""
        return tuple(dict.fromkeys(text for text in texts if self._is_address(text)))

    def ranges(self, texts: Iterable[str]) -> tuple[str, ...]:
        """Return the ranges of this family that lie in no other range, since nft allows no overlaps in a set."""
        known = dict.fromkeys(range_ for text in texts for range_ in _network(text) if range_.version == self.version)
        return tuple(str(inner) for inner in known if not any(_within(inner, outer) for outer in known))

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
