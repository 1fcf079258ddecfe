#!/usr/bin/env python3
"""nslookup, as tutorials use it: `nslookup NAME`, answered by what resolv.conf says."""

import socket
import sys
from pathlib import Path

RESOLV_CONF = Path("/etc/resolv.conf")


def main() -> int:
    """Show the server asked and the addresses found."""
    name = sys.argv[-1]
    lines = (line.split() for line in RESOLV_CONF.read_text().splitlines())
    servers = [words[1] for words in lines if words[:1] == ["nameserver"]]
    if servers:
        sys.stdout.write(f"Server:\t\t{servers[0]}\nAddress:\t{servers[0]}:53\n\n")
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM, flags=socket.AI_CANONNAME)
    except socket.gaierror as error:
        sys.stdout.write(f"** server can't find {name}: {error.strerror}\n")
        return 1
    shown = found[0][3] or name
    for _, _, _, _, address in found:
        sys.stdout.write(f"Name:\t{shown}\nAddress: {address[0]}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
