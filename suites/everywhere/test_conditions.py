"""Conditions of endpoints, together with where they are and whose traffic it is, from everywhere at every door."""

import pytest

from svcproof import MUST, PROXY, Capability, Feature, behaviours

from ..clauses import VIRTUAL_IPS
from ..slices import SLICES
from .world import DRAINING, GONE, PUBLISHED, READY, SERVING, UNREADY, Doors, endpoint, listed

CASES = {
    "some-ready": (READY, UNREADY, READY, DRAINING),
    "draining-here": (DRAINING, GONE, READY, None),
    "all-draining": (DRAINING, GONE, DRAINING, UNREADY),
    "serving-alone": (SERVING, None, UNREADY, None),
    "published": (PUBLISHED, DRAINING, UNREADY, None),
    "nothing-said": ({}, {"serving": False}, {"ready": None}, UNREADY),
    "none-here": (None, None, READY, None),
    "all-gone": (GONE, GONE, GONE, None),
}
"""The conditions of two endpoints on the first node, one on the second, one more on the first; None: no endpoint."""
behaviour = behaviours(
    by=PROXY, level=MUST, spec=VIRTUAL_IPS + "#traffic-to-terminating-endpoints", requires={Capability.TWO_NODES}
)


@pytest.fixture
def cases(workbench, echo, db, spare_address):
    """A function that makes a Service for each case, with these fields."""
    doors = Doors(workbench, spare_address)

    def make(**spec):
        services = []
        for case, conditions in CASES.items():
            service = doors.service(case, **spec)
            pods = (*echo.pods, *db.pods)
            there = [endpoint(pod, how) for pod, how in zip(pods, conditions, strict=True) if how is not None]
            listed(workbench, service, *there)
            services.append(service)
        return services

    return make


@behaviour(
    because="Traffic goes to endpoints that are ready, or, where none is, to those that are terminating and serve.",
    fails_under={
        "proxy/absent-ready-as-not-ready",
        "proxy/serving-as-good-as-ready",
        "proxy/gone-as-good-as-ready",
        "proxy/unready-endpoints-better-than-none",
    },
)
def test_conditions_decide_alike_for_everybody_at_every_door(cases, everywhere):
    """The conditions of endpoints decide which get connections, whoever asks, and at whichever address."""
    everywhere(*cases(), tries=2)


@behaviour(
    because="Under policy Local each node chooses among its own endpoints: those ready, else those that still serve.",
    fails_under={
        "proxy/no-local-fallback-to-terminating",
        "proxy/etp-local-ignored-everywhere",
        "proxy/itp-local-ignored-for-nodes",
    },
)
def test_conditions_decide_on_each_node_of_its_own_endpoints_under_policy_local(cases, everywhere):
    """Under policy Local which endpoints of a node get connections follows from the conditions of these alone."""
    everywhere(*cases(internalTrafficPolicy="Local", externalTrafficPolicy="Local"), tries=2)


@behaviour(
    spec=VIRTUAL_IPS + "#internal-traffic-policy",
    because="Traffic is routed to ready endpoints; affinity chooses among these, at each address, over each protocol.",
    requires={Capability.TWO_NODES, Feature.SESSION_AFFINITY},
    fails_under={"proxy/affinity-pins-unready-endpoint", "proxy/affinity-of-datagrams-pins-unready-endpoint"},
)
def test_affinity_lets_go_of_unready_endpoints_for_everybody_at_every_door(workbench, echo, spare_address, everywhere):
    """Clients with affinity leave an endpoint that is no longer ready, and the next one when that is not: everybody, \
at each address, over TCP and UDP."""
    doors = Doors(workbench, spare_address)
    service = doors.service("sticky", ports=doors.both(), sessionAffinity="ClientIP")
    here, _, there = echo.pods
    ports = [{"name": p["name"], "port": p["targetPort"], "protocol": p["protocol"]} for p in service.spec["ports"]]
    piece = listed(workbench, service, endpoint(here), endpoint(there), ports=ports)["metadata"]["name"]
    everywhere(service, tries=2)
    for conditions in ((UNREADY, READY), (READY, UNREADY)):
        endpoints = [endpoint(pod, how) for pod, how in zip((here, there), conditions, strict=True)]
        workbench.kube.patch(SLICES, piece, service.namespace, {"endpoints": endpoints})
        everywhere(service, tries=2)
