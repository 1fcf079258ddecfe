"""The kernel's table of tracked connections, by way of conntrack."""

import logging
import re
import subprocess
from collections.abc import Iterable

from svcproof.reference_proxy.family import Family
from svcproof.reference_proxy.flows import Flow

log = logging.getLogger(__name__)
TUPLES = re.compile(r"src=\S+ dst=(\S+) sport=\d+ dport=(\d+) .*?src=(\S+) dst=\S+ sport=(\d+) dport=\d+")


def udp_flows(family: Family) -> frozenset[Flow]:
    """List the UDP flows the kernel remembers."""
    return parse(_run(family, "-L"))


def parse(listing: str) -> frozenset[Flow]:
    """Read what `conntrack -L -p udp` prints: the tuple of the first packet, then that of its answer."""
    found = TUPLES.findall(listing)
    return frozenset(Flow(address, int(port), answerer, int(other)) for address, port, answerer, other in found)


def forget(flows: Iterable[Flow], family: Family) -> None:
    """Delete every entry of these kinds."""
    for flow in flows:
        sent = ("--orig-dst", flow.address, "--orig-port-dst", str(flow.port))
        answered = ("--reply-src", flow.answerer, "--reply-port-src", str(flow.answerer_port))
        _run(family, "-D", *sent, *answered)


def _run(family: Family, *arguments: str) -> str:
    """Run conntrack; that there is nothing to delete counts as success, anything else is logged."""
    command = ["conntrack", "-f", f"ipv{family.version}", "-p", "udp", *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except OSError as trouble:
        log.error("%s could not be run: %s; stale UDP flows stay", " ".join(command), trouble)
        return ""
    if done.returncode != 0 and "0 flow entries" not in done.stderr:
        log.error("%s exited with %d: %s", " ".join(command), done.returncode, done.stderr.strip())
    return done.stdout
