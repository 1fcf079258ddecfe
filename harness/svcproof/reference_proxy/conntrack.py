"""The kernel's table of tracked connections, read and changed by the program conntrack."""

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
    tuples = TUPLES.findall(listing)
    return frozenset(Flow(address, int(port), answerer, int(other)) for address, port, answerer, other in tuples)


def forget(flows: Iterable[Flow], family: Family) -> None:
    """Delete every entry of these flows."""
    for flow in flows:
        sent = ("--orig-dst", flow.address, "--orig-port-dst", str(flow.port))
        answered = ("--reply-src", flow.answerer, "--reply-port-src", str(flow.answerer_port))
        _run(family, "-D", *sent, *answered)


def _run(family: Family, *arguments: str) -> str:
    """Run conntrack, and log its errors, but for that of having found nothing to delete."""
    command = ["conntrack", "-f", f"ipv{family.version}", "-p", "udp", *arguments]
    try:
        result = subprocess.run(command, capture_output=True, text=True)
    except OSError as trouble:
        log.error("%s could not be run: %s; stale UDP flows stay", " ".join(command), trouble)
        return ""
    if result.returncode != 0 and "0 flow entries" not in result.stderr:
        log.error("%s exited with %d: %s", " ".join(command), result.returncode, result.stderr.strip())
    return result.stdout
