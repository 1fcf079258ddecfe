"""IP families of addresses, and the DNS records and URLs that go with them."""

from ipaddress import ip_address, ip_network

FAMILIES = {4: "IPv4", 6: "IPv6"}
RECORDS = {4: "A", 6: "AAAA"}


BOTH = ("IPv4", "IPv6")


def of(family_wanted, addresses):
    """Those of some addresses that are of one family."""
    return [address for address in addresses if family(address) == family_wanted]


def family(address):
    """IPv4 or IPv6, as ipFamilies and addressType name it."""
    return FAMILIES[ip_address(address).version]


def other_family(address):
    """The family that an address is not of."""
    return FAMILIES[10 - ip_address(address).version]


def record(address):
    """The type of the DNS record that holds an address."""
    return RECORDS[ip_address(address).version]


def other_record(address):
    """The type of the DNS record that holds addresses of the other family."""
    return RECORDS[10 - ip_address(address).version]


def reverse(address):
    """The name that a PTR record of an address has."""
    return ip_address(address).reverse_pointer


def alone(address):
    """The range that has this address and no other."""
    return str(ip_network(address))


def in_url(address):
    """An address as URLs have it: an IPv6 one in brackets."""
    return f"[{address}]" if ":" in address else address
