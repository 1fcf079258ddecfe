"""The surroundings of a container: variables, files, names."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The environment variables of a container, its files as text (empty where there is none), and its name."""

    variables: Mapping[str, str]
    resolv_conf: str
    hosts: str
    hostname: str

    @property
    def nameservers(self) -> tuple[str, ...]:
        """Addresses of the DNS servers in resolv.conf."""
        return tuple(words[1] for words in self._resolver_lines() if words[0] == "nameserver")

    @property
    def search(self) -> tuple[str, ...]:
        """The search domains in resolv.conf, in order."""
        return tuple(domain for words in self._resolver_lines() if words[0] == "search" for domain in words[1:])

    @property
    def options(self) -> frozenset[str]:
        """The options in resolv.conf, such as `ndots:5`."""
        return frozenset(option for words in self._resolver_lines() if words[0] == "options" for option in words[1:])

    def _resolver_lines(self) -> list[list[str]]:
        return [words for words in map(str.split, self.resolv_conf.splitlines()) if len(words) > 1]
