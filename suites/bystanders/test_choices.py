"""Policies, affinity and hand-made slices of a bystander stay in force while other Services come, change and go."""

from svcproof import MUST, PROXY, Feature, as_promised, behaviours, control, eventually

from ..clauses import ENDPOINT_SLICES, TRAFFIC_POLICY, VIRTUAL_IPS
from ..slices import handmade
from .neighbour import come_change_and_go

behaviour = behaviours(by=PROXY, level=MUST)


@behaviour(
    spec=TRAFFIC_POLICY,
    because="Traffic policies are fields of a Service, and say how traffic to that Service is routed.",
    requires={Feature.INTERNAL_TRAFFIC_POLICY, Feature.EXTERNAL_TRAFFIC_POLICY, Feature.NODE_PORT},
    kep=2086,
    since="1.26",
    fails_under={"proxy/policies-forgotten-after-a-deletion"},
)
def test_local_policies_stay_in_force_beside_other_services(bystander, echo, clients, sweep):
    """Policies Local of one Service stay in force while a Service without them comes, changes and goes."""
    come_change_and_go(bystander, echo, clients, sweep)


@behaviour(
    spec=VIRTUAL_IPS + "#session-affinity",
    because="With affinity, each connection of a client is passed to the same pod, for as long as the Service says.",
    requires={Feature.SESSION_AFFINITY},
    fails_under={"proxy/affinity-lost-on-update"},
)
def test_affinity_stays_in_force_beside_other_services(bystander, echo, clients, sweep):
    """Clients of a Service with affinity stay with their pods while other Services come, change and go."""
    target = bystander.service("affinity").at_cluster_ip()
    with control("the Service with affinity is served"):
        eventually(bystander.look, as_promised)

    def pods():
        seen = sweep(clients, [target], times=3)
        return {(probed.vantage, probed.answer and probed.answer.pod) for probed in seen}

    before = pods()

    def compare():
        assert pods() == before, "each client is answered by the pod that answered it before"

    come_change_and_go(bystander, echo, clients, sweep, also=compare)


@behaviour(
    spec=ENDPOINT_SLICES,
    because="An EndpointSlice lists endpoints, with their conditions, of the Service that its label names.",
    fails_under={"proxy/unready-in-one-slice-unready-in-all"},
)
def test_slices_made_by_hand_stay_in_force_beside_other_services(bystander, echo, workbench, clients, sweep):
    """Slices of one Service stay in force while those of another say something else of the same pods."""
    with control("the bystander is as promised before anything changes beside it"):
        eventually(bystander.look, as_promised)
    conditions = {"ready": False, "serving": False, "terminating": True}
    neighbour = workbench.service()
    for pod in echo.pods:
        workbench.create(handmade(neighbour, f"{neighbour.name}-{pod.name}", {pod.address: conditions}))
    come_change_and_go(bystander, echo, clients, sweep)
