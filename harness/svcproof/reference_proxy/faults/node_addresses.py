"""Faults of a proxy whose node gets another address, or loses one."""

from dataclasses import replace

from svcproof.fault import Fault
from svcproof.reference_proxy.faults.mutation import believing
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.state import State


def _newest_only(state: State) -> State:
    return replace(state, node=replace(state.node, addresses=state.node.addresses[-1:]))


def _of_the_start(stages: Stages) -> Stages:
    addresses: tuple[str, ...] = ()

    def select(state: State) -> State:
        nonlocal addresses
        addresses = addresses or state.node.addresses
        return stages.select(replace(state, node=replace(state.node, addresses=addresses)))

    return replace(stages, select=select)


FAULTS: tuple[Fault[Stages], ...] = (
    Fault(
        "node-ports-move-to-newest-address",
        "When a node gets another address, node ports are served at that alone.",
        believing(_newest_only),
    ),
    Fault(
        "node-addresses-of-the-start",
        "Node ports are served at the addresses alone that a node has when the proxy starts.",
        _of_the_start,
    ),
)
