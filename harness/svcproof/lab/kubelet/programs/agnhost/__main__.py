"""The part of agnhost that Kubernetes' own Service tests use: `agnhost COMMAND [OPTION ...]`.

https://github.com/kubernetes/kubernetes/tree/master/test/images/agnhost
"""

import signal
import sys
from pathlib import Path

from . import connect, netexec, porter, servehostname

RESOLVER = Path("/etc/resolv.conf")
HOSTS = Path("/etc/hosts")


def pause(arguments: list[str]) -> int:
    """Do nothing, until told to end."""
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    signal.sigwait(ends)
    return 0


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


COMMANDS = {
    "connect": connect.main,
    "dns-server-list": servers,
    "dns-suffix": suffixes,
    "etc-hosts": hosts,
    "netexec": netexec.main,
    "pause": pause,
    "porter": porter.main,
    "serve-hostname": servehostname.main,
    "test-webserver": servehostname.webserver,
}

if __name__ == "__main__":
    name = sys.argv[1] if len(sys.argv) > 1 else "pause"
    if name not in COMMANDS:
        sys.exit(f"agnhost: {name!r} is not among the commands this lab has: {', '.join(COMMANDS)}")
    sys.exit(COMMANDS[name](sys.argv[2:]))
