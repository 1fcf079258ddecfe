"""agnhost dns-suffix, dns-server-list and etc-hosts: what a container is told about names."""

import sys
from pathlib import Path

RESOLVER = Path("/etc/resolv.conf")
HOSTS = Path("/etc/hosts")


def suffixes(arguments: list[str]) -> int:
    """Print the search path, comma-separated."""
    return _print(",".join(_values("search")))


def servers(arguments: list[str]) -> int:
    """Print the name servers, comma-separated."""
    return _print(",".join(_values("nameserver")))


def hosts(arguments: list[str]) -> int:
    """Print the hosts file."""
    return _print(HOSTS.read_text())


def _values(keyword: str) -> list[str]:
    lines = [line.split() for line in RESOLVER.read_text().splitlines()]
    return [word for line in lines if line[:1] == [keyword] for word in line[1:]]


def _print(text: str) -> int:
    sys.stdout.write(text + "\n")
    return 0
