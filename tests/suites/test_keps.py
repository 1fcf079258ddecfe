"""The enhancements that behaviours name: each is known, and its release is that of the table."""

import pytest

from svcproof.declare import suites_dir
from svcproof.declare.catalogue import catalogue
from svcproof.model.behaviour import Behaviour
from svcproof.model.keps import KEPS
from svcproof.model.release import Release
from svcproof.model.vocabulary import Feature

OLDER = {
    "pod_asks_the_cluster_dns_service": "dnsPolicy, which KEP-504 builds on, has always meant this",
    "pod_searches_its_namespace_then_all_services_then_the_domain": "as before KEP-504",
    "pod_tries_the_search_list_for_names_with_dots": "as before KEP-504",
    "affinity_lets_go_of_an_endpoint_that_terminates": "before KEP-1669 it never got any",
    "open_connection_outlives_the_end_of_its_endpoints_readiness": "KEP-1669 is about new connections",
    "terminating_endpoint_gets_no_new_connections_while_another_is_ready": "before KEP-1669 it never got any",
    "load_balancer_address_reaches_a_backend_from_every_node": "without KEP-1860 every address is of mode VIP",
    "load_balancer_address_reaches_a_backend_from_pods_on_every_node": "without KEP-1860 every address is of mode VIP",
    "load_balancer_service_is_given_node_ports": "the default of the field, and all there was before KEP-1864",
    "load_balancer_service_also_has_node_ports": "the default of the field, and all there was before KEP-1864",
    "node_port_asked_for_is_given": "the API's since it has node ports; KEP-3668 leaves room for it",
    "node_port_is_taken_from_the_range_of_the_cluster": "the API's since it has node ports",
    "node_port_outside_the_range_is_refused": "the API's since it has node ports",
    "node_port_of_another_service_is_refused": "the API's since it has node ports",
}
"""Behaviours that an enhancement restates, with the reason for which they are no younger than the base API."""


@pytest.fixture(scope="module")
def behaviours() -> tuple[Behaviour, ...]:
    return catalogue(suites_dir())


def test_the_table_has_each_enhancement_that_a_behaviour_names_and_those_that_kep_5922_lists(
    behaviours: tuple[Behaviour, ...],
) -> None:
    named = {behaviour.kep for behaviour in behaviours if behaviour.kep}
    listed = {number for number, kep in KEPS.items() if kep.kept_by}

    assert named | listed == KEPS.keys()


def test_a_behaviour_is_as_old_as_its_enhancement_or_has_a_reason_to_be_older(
    behaviours: tuple[Behaviour, ...],
) -> None:
    differing = {
        behaviour.id: behaviour.since
        for behaviour in behaviours
        if behaviour.since != (KEPS[behaviour.kep].stable if behaviour.kep else "")
    }

    assert differing == dict.fromkeys(OLDER, "")


def test_what_needs_a_feature_that_an_enhancement_brought_names_it(behaviours: tuple[Behaviour, ...]) -> None:
    brought = {
        Feature.INTERNAL_TRAFFIC_POLICY: {2086},
        Feature.TERMINATING_ENDPOINTS: {1669},
        Feature.TRAFFIC_DISTRIBUTION: {2433, 3015, 4444},
        Feature.SERVICE_PROXY_NAME: {2447},
        Feature.EXTERNAL_IPS: {5707, 563},
        Feature.EXTERNAL_IPS_OFF: {5707},
    }

    nameless = [
        behaviour.id
        for behaviour in behaviours
        if (keps := [brought[feature] for feature in behaviour.features if feature in brought])
        and behaviour.kep not in set().union(*keps)
    ]

    assert nameless == []


def test_the_table_has_each_enhancement_under_its_number_with_a_release() -> None:
    wrong = [
        number
        for number, kep in KEPS.items()
        if number != kep.number
        or f"/{number}-" not in kep.url.replace("/0", "/")
        or (kep.stable and str(Release.read(kep.stable)) != kep.stable)
    ]

    assert wrong == []
