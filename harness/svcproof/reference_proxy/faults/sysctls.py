"""The proxy sets what it needs in the kernel of its node, and thereby opens more than it needs."""

import logging
from dataclasses import replace
from pathlib import Path

from svcproof.fault import Fault
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.state import State

ROUTE_LOCALNET = Path("/proc/sys/net/ipv4/conf/all/route_localnet")
log = logging.getLogger(__name__)


def _routing_loopback(stages: Stages) -> Stages:
    """Have the node take packets for 127.0.0.0/8 from its links, as node ports on loopback need it, unguarded."""

    def select(state: State) -> State:
        try:
            ROUTE_LOCALNET.write_text("1")
        except OSError as trouble:
            log.error("%s: %s", ROUTE_LOCALNET, trouble)
        return stages.select(state)

    return replace(stages, select=select)


FAULTS: tuple[Fault[Stages], ...] = (
    Fault(
        "loopback-services-reachable-from-lan",
        "Who is on a link of the node reaches what listens on its loopback address alone.",
        _routing_loopback,
        "https://github.com/kubernetes/kubernetes/issues/92315",
    ),
)
