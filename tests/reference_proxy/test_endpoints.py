from collections.abc import Iterable
from dataclasses import replace

import pytest

from svcproof.reference_proxy.endpoints import Endpoints, usable
from svcproof.reference_proxy.state import Endpoint
from tests.reference_proxy.bench import NODE
from tests.reference_proxy.samples import endpoint

READY = endpoint("10.244.1.1")
REMOTE = endpoint("10.244.2.1", node="node-b")
NOWHERE = endpoint("10.244.9.1", node="")


def unready(one: Endpoint) -> Endpoint:
    return replace(one, ready=False, serving=False)


def draining(one: Endpoint) -> Endpoint:
    return replace(one, ready=False, terminating=True)


def hinted(one: Endpoint, *, zones: Iterable[str] = (), nodes: Iterable[str] = ()) -> Endpoint:
    return replace(one, zones=frozenset(zones), nodes=frozenset(nodes))


CASES = {
    "all that are ready": ((READY, REMOTE), (READY, REMOTE), (READY,)),
    "none that is not": ((unready(READY), REMOTE), (REMOTE,), ()),
    "draining ones only without ready ones": ((draining(READY),), (draining(READY),), (draining(READY),)),
    "draining ones of this node, while others are ready": (
        (draining(READY), REMOTE),
        (REMOTE,),
        (draining(READY),),
    ),
    "none that drains and does not serve": ((replace(unready(READY), terminating=True),), (), ()),
    "none as local that is on no node": ((NOWHERE,), (NOWHERE,), ()),
    "the readiest of several copies": ((unready(READY), READY, unready(READY)), (READY,), (READY,)),
    "the same address at different ports": (
        (READY, replace(READY, port=8081)),
        (READY, replace(READY, port=8081)),
        (READY, replace(READY, port=8081)),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_usable(case: str) -> None:
    listed, cluster, local = CASES[case]
    chosen = usable(listed, NODE)
    assert (chosen.cluster, chosen.local) == (cluster, local)


MINE, THEIRS = hinted(READY, zones=["zone-a"]), hinted(REMOTE, zones=["zone-b"])
HINTS = {
    "those of the zone": ((MINE, THEIRS), (MINE,)),
    "those for several zones": (
        (hinted(READY, zones=["zone-b", "zone-a"]), THEIRS),
        (hinted(READY, zones=["zone-b", "zone-a"]),),
    ),
    "all where one has no hint": ((MINE, REMOTE), (MINE, REMOTE)),
    "all where none is for this zone": ((THEIRS,), (THEIRS,)),
    "all where the one for this zone is not ready": ((unready(MINE), THEIRS), (THEIRS,)),
    "those of the node before those of the zone": (
        (hinted(READY, zones=["zone-a"], nodes=["node-a"]), hinted(REMOTE, zones=["zone-a"], nodes=["node-b"])),
        (hinted(READY, zones=["zone-a"], nodes=["node-a"]),),
    ),
    "those of the zone where none is for the node": (
        (hinted(READY, zones=["zone-a"], nodes=["node-c"]), hinted(REMOTE, zones=["zone-b"], nodes=["node-b"])),
        (hinted(READY, zones=["zone-a"], nodes=["node-c"]),),
    ),
}


@pytest.mark.parametrize("case", HINTS)
def test_hints_choose(case: str) -> None:
    listed, expected = HINTS[case]
    assert usable(listed, NODE).cluster == expected


def test_hints_are_nothing_to_draining_endpoints_nor_to_local_ones() -> None:
    both: Endpoints = (draining(MINE), draining(THEIRS))
    assert usable(both, NODE).cluster == both
    assert usable((hinted(READY, zones=["zone-b"]), THEIRS), NODE).local == (hinted(READY, zones=["zone-b"]),)


def test_a_node_without_a_zone_uses_all() -> None:
    assert usable((MINE, THEIRS), replace(NODE, zone="")).cluster == (MINE, THEIRS)
