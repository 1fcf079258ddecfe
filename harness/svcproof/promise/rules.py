"""All rules, in the order in which they are read: by subject."""

from collections.abc import Iterator
from dataclasses import dataclass

from svcproof.promise import (
    admission,
    at_door,
    doors,
    elsewhere,
    endpoints,
    health,
    kept_ports,
    listings,
    policies,
    readings,
    services,
    silence,
    slices,
    sources,
)
from svcproof.promise.rulebook import Question


@dataclass(frozen=True, slots=True)
class Section:
    """The rules of one subject."""

    title: str
    rules: tuple[Question[...], ...]


SECTIONS = (
    Section(
        "Services",
        (
            services.headless_service_is_left_alone,
            services.external_name_is_left_alone,
            services.labelled_service_is_left_to_another_proxy,
            services.service_labelled_headless_may_be_left_alone,
        ),
    ),
    Section(
        "Doors",
        (
            doors.cluster_ip_is_served,
            policies.cluster_ip_may_be_served_to_the_outside,
            doors.node_port_is_served_at_every_node,
            doors.node_port_may_be_served_at_further_addresses,
            doors.load_balancer_address_is_served,
            doors.address_of_ip_mode_proxy_is_left_to_the_load_balancer,
            elsewhere.load_balancer_may_lead_back_to_the_service,
            doors.external_ip_is_served,
            policies.external_ip_may_be_served_to_the_outside_alone,
            doors.external_ips_are_switched_off,
            doors.port_is_of_one_protocol,
            doors.address_and_port_of_two_services_may_lead_to_either,
        ),
    ),
    Section(
        "Addresses and ports that are no doors",
        (
            elsewhere.port_that_no_service_has_there_leads_nowhere,
            elsewhere.address_that_no_service_has_leads_nowhere,
            elsewhere.listener_answers_at_its_own_address,
            elsewhere.listener_may_be_out_of_reach_of_clients_outside,
            elsewhere.listener_at_a_door_may_answer_itself,
            elsewhere.loopback_is_the_clients_own,
        ),
    ),
    Section(
        "Endpoints in EndpointSlices",
        (
            slices.slice_belongs_to_the_service_it_names,
            slices.endpoints_are_of_the_family_that_was_asked,
            slices.port_is_found_by_name_and_protocol,
            slices.port_without_a_number_serves_nothing,
            slices.further_addresses_of_an_endpoint_may_be_used,
            listings.either_listing_may_hold_where_they_disagree,
            slices.slice_labelled_headless_may_be_ignored,
            slices.slice_labelled_for_another_proxy_may_be_ignored,
            at_door.endpoint_that_is_not_ours_may_be_silent,
            at_door.endpoint_without_a_node_may_not_reach_itself,
            at_door.endpoint_at_a_door_may_lead_anywhere,
        ),
    ),
    Section(
        "Endpoints that take connections",
        (
            endpoints.ready_endpoint_is_used,
            endpoints.terminating_endpoint_that_serves_is_the_last_resort,
            at_door.service_without_usable_endpoints_answers_nobody,
            at_door.each_endpoint_gets_its_share,
            at_door.client_stays_with_its_endpoint,
            kept_ports.udp_port_used_before_leads_to_an_endpoint_of_now,
            kept_ports.udp_port_used_before_may_keep_its_endpoint,
        ),
    ),
    Section(
        "Traffic policies",
        (
            policies.internal_policy_local_keeps_to_the_node,
            policies.external_policy_local_keeps_to_the_node,
            endpoints.endpoint_is_local_to_the_node_it_names,
            policies.external_address_is_cluster_wide_from_inside,
            policies.node_port_from_inside_may_be_decided_on_either_node,
            policies.pod_may_be_lost_at_the_node_port_of_another_node,
            policies.packets_from_outside_may_come_in_at_any_node,
            policies.packets_from_outside_may_come_in_nowhere,
        ),
    ),
    Section(
        "Topology hints",
        (
            endpoints.hints_for_nodes_are_followed,
            endpoints.hints_for_zones_are_followed,
            listings.endpoint_that_is_not_ready_may_need_a_hint_too,
        ),
    ),
    Section(
        "Source ranges",
        (
            admission.client_outside_the_source_ranges_is_shut_out,
            admission.source_ranges_may_hold_or_not,
            admission.source_ranges_may_hold_at_external_ips,
        ),
    ),
    Section(
        "Silence",
        (
            silence.connection_without_endpoints_is_refused,
            silence.connection_without_local_endpoints_is_dropped,
            silence.silence_may_be_of_either_kind,
        ),
    ),
    Section(
        "Source addresses",
        (
            sources.pod_keeps_its_address_at_a_cluster_ip,
            sources.node_is_seen_by_an_address_of_its_own_at_a_cluster_ip,
            sources.policy_local_keeps_the_address_of_clients_outside,
            sources.source_of_other_connections_may_be_any,
            sources.backend_may_see_any_address,
        ),
    ),
    Section(
        "Health checks",
        (
            health.health_check_port_is_of_policy_local,
            health.node_with_a_ready_endpoint_is_healthy,
            health.endpoint_that_is_ready_and_terminating_may_count_or_not,
            health.endpoint_that_not_all_slices_count_may_count_or_not,
        ),
    ),
    Section(
        "Proxies and clusters that promise less",
        (
            readings.feature_that_is_not_claimed_may_be_missing,
            readings.promise_of_a_later_release_may_be_missing,
        ),
    ),
)


def questions() -> Iterator[Question[...]]:
    """Yield all rules, section by section."""
    for section in SECTIONS:
        yield from section.rules
