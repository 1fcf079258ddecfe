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
    return parse(listing(family))


def listing(family: Family) -> str:
    """Print the kernel's UDP entries, one to a line."""
    return _run(family, "-L")


def parse(text: str) -> frozenset[Flow]:
    """Read what `conntrack -L -p udp` prints: the tuple of the first packet, then that of its answer."""
    tuples = TUPLES.findall(text)
    return frozenset(Flow(address, int(port), answerer, int(other)) for address, port, answerer, other in tuples)


def forget(flows: Iterable[Flow], family: Family) -> None:
    """Delete every entry of these flows, all with one run of the program where it can: 1.4.7 and later."""
    deletions = [_deletion(flow) for flow in flows]
    lines = "".join(f"-D {' '.join(_of(family, deletion))}\n" for deletion in deletions)
    if len(deletions) < 2 or not _is_loaded(lines):
        for deletion in deletions:
            _run(family, "-D", *deletion)


def _deletion(flow: Flow) -> tuple[str, ...]:
    sent = ("--orig-dst", flow.address, "--orig-port-dst", str(flow.port))
    return (*sent, "--reply-src", flow.answerer, "--reply-port-src", str(flow.answerer_port))


def _of(family: Family, arguments: Iterable[str]) -> tuple[str, ...]:
    return ("-f", f"ipv{family.version}", "-p", "udp", *arguments)


def _is_loaded(lines: str) -> bool:
    """Have conntrack do what each line says; False if it knows no such lines, or one of them was wrong."""
    try:
        result = subprocess.run(["conntrack", "-R", "-"], input=lines, capture_output=True, text=True)
    except OSError:
        return False
    return result.returncode == 0


def _run(family: Family, *arguments: str) -> str:
    """Run conntrack, and log its errors, but for that of having found nothing to delete."""
    command = ["conntrack", *_of(family, arguments)]
    try:
        result = subprocess.run(command, capture_output=True, text=True)
    except OSError as trouble:
        log.error("%s could not be run: %s; stale UDP flows stay", " ".join(command), trouble)
        return ""
    if result.returncode != 0 and "0 flow entries" not in result.stderr:
        log.error("%s exited with %d: %s", " ".join(command), result.returncode, result.stderr.strip())
    return result.stdout
