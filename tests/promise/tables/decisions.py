"""The rules that decide, in situations that stand for others; what is not told is as in the first."""

from dataclasses import replace

from svcproof.model.vocabulary import Feature
from svcproof.promise.services import HEADLESS, OTHER_PROXY
from svcproof.promise.world import Ingress, Policy
from tests.promise.deciding import Case
from tests.promise.scene import BALANCER, claiming, endpoints, slices, web, world

LOCAL = web(internal_policy=Policy.LOCAL, external_policy=Policy.LOCAL)
PROXY_MODE = web(ingress=(Ingress(address=BALANCER, vip=False),))
OTHER = web(name="shop", cluster_ips=("10.96.0.11",), ingress=())
EAST, WEST = (
    replace(endpoints(name)[0], zones=frozenset({zone})) for name, zone in {"a1": "east", "c1": "west"}.items()
)
HINTED = world(slices=slices("", endpoints=(EAST, WEST)))
BY_NODE = slices("", endpoints=(replace(EAST, nodes=frozenset({"node-a"})), replace(WEST, nodes=frozenset({"node-c"}))))

DECIDED = (
    Case(
        world("a1 b1"),
        "pod a",
        "cluster ip",
        "answered cluster_ip_is_served MUST; backends ready_endpoint_is_used MUST; spread each_endpoint_gets_its_share MUST; source pod_keeps_its_address_at_a_cluster_ip MUST; sticky client_stays_with_its_endpoint MUST",
    ),
    Case(
        world("a1 b1"),
        "host b",
        "cluster ip",
        "source node_is_seen_by_an_address_of_its_own_at_a_cluster_ip SHOULD",
    ),
    Case(
        world("a1 b1"),
        "outside",
        "cluster ip",
        "answered cluster_ip_may_be_served_to_the_outside MAY; spread cluster_ip_may_be_served_to_the_outside MAY; source source_of_other_connections_may_be_any MAY",
    ),
    Case(
        world("a1 b1"),
        "outside",
        "node port b",
        "answered node_port_is_served_at_every_node MUST; source source_of_other_connections_may_be_any MAY",
    ),
    Case(
        world("a1 b1"),
        "pod a",
        "node port b",
        "answered node_port_is_served_at_every_node MUST; source source_of_other_connections_may_be_any MAY",
    ),
    Case(
        world("a1 b1"),
        "outside",
        "balancer",
        "answered load_balancer_address_is_served MUST; source source_of_other_connections_may_be_any MAY",
    ),
    Case(
        world("a1 b1"),
        "pod a",
        "external ip",
        "answered external_ip_is_served MUST; source source_of_other_connections_may_be_any MAY",
    ),
    Case(
        world("a1-draining"),
        "pod a",
        "cluster ip",
        "backends terminating_endpoint_that_serves_is_the_last_resort MUST",
    ),
    Case(
        world("a1-unready"),
        "pod a",
        "cluster ip",
        "answered service_without_usable_endpoints_answers_nobody MUST; backends service_without_usable_endpoints_answers_nobody MUST; silence connection_without_endpoints_is_refused SHOULD",
    ),
    Case(
        world(""),
        "pod a",
        "cluster ip",
        "answered service_without_usable_endpoints_answers_nobody MUST; backends service_without_usable_endpoints_answers_nobody MUST; silence connection_without_endpoints_is_refused SHOULD",
    ),
    Case(
        world("a1 b1", services=[LOCAL]),
        "pod a",
        "cluster ip",
        "backends internal_policy_local_keeps_to_the_node MUST",
    ),
    Case(
        world("a1 b1", services=[LOCAL]),
        "pod c",
        "cluster ip",
        "answered internal_policy_local_keeps_to_the_node MUST; backends internal_policy_local_keeps_to_the_node MUST; silence connection_without_local_endpoints_is_dropped SHOULD",
    ),
    Case(
        world("a1 b1", services=[LOCAL]),
        "outside",
        "node port a",
        "answered node_port_is_served_at_every_node MUST; backends external_policy_local_keeps_to_the_node MUST; source policy_local_keeps_the_address_of_clients_outside MUST",
    ),
    Case(
        world("a1 b1", services=[LOCAL]),
        "outside",
        "node port c",
        "answered external_policy_local_keeps_to_the_node MUST; backends external_policy_local_keeps_to_the_node MUST; silence connection_without_local_endpoints_is_dropped SHOULD",
    ),
    Case(
        world("a1 b1", services=[LOCAL]),
        "outside",
        "balancer",
        "answered packets_from_outside_may_come_in_at_any_node MAY; backends external_policy_local_keeps_to_the_node MUST; spread packets_from_outside_may_come_in_at_any_node MAY; source policy_local_keeps_the_address_of_clients_outside MUST",
    ),
    Case(
        world("a1 b1", services=[LOCAL]),
        "pod c",
        "balancer",
        "answered load_balancer_address_is_served MUST; source source_of_other_connections_may_be_any MAY",
    ),
    Case(
        world("a1 b1", services=[LOCAL]),
        "pod c",
        "node port c",
        "answered node_port_from_inside_may_be_decided_on_either_node MAY; spread node_port_from_inside_may_be_decided_on_either_node MAY; source source_of_other_connections_may_be_any MAY",
    ),
    Case(
        world("", services=[LOCAL]),
        "outside",
        "node port c",
        "answered service_without_usable_endpoints_answers_nobody MUST; backends service_without_usable_endpoints_answers_nobody MUST; silence silence_may_be_of_either_kind MAY",
    ),
    Case(
        world("a1 b1", services=[web(cluster_ips=("None",))]),
        "pod a",
        "external ip",
        "answered headless_service_is_left_alone MUST; backends headless_service_is_left_alone MUST",
    ),
    Case(
        world("a1 b1", services=[web(type="ExternalName")]),
        "pod a",
        "cluster ip",
        "answered external_name_is_left_alone MUST; backends external_name_is_left_alone MUST",
    ),
    Case(
        world("a1 b1", services=[web(labels={OTHER_PROXY: ""})]),
        "pod a",
        "cluster ip",
        "answered labelled_service_is_left_to_another_proxy MUST; backends labelled_service_is_left_to_another_proxy MUST",
    ),
    Case(
        world("a1 b1", services=[web(labels={HEADLESS: ""})]),
        "pod a",
        "cluster ip",
        "answered service_labelled_headless_may_be_left_alone MAY; spread service_labelled_headless_may_be_left_alone MAY",
    ),
    Case(
        world("a1"),
        "pod a",
        "cluster ip 81",
        "answered port_that_no_service_has_there_leads_nowhere MUST; backends port_that_no_service_has_there_leads_nowhere MUST",
    ),
    Case(
        world("a1"),
        "pod a",
        "10.0.0.2 80",
        "answered port_that_no_service_has_there_leads_nowhere MUST; backends port_that_no_service_has_there_leads_nowhere MUST",
    ),
    Case(
        world("a1"),
        "pod a",
        "10.96.0.99 80",
        "answered address_that_no_service_has_leads_nowhere MUST; backends address_that_no_service_has_leads_nowhere MUST",
    ),
    Case(
        world("a1"),
        "pod a",
        "10.244.1.1 8080",
        "answered listener_answers_at_its_own_address MUST; backends listener_answers_at_its_own_address MUST",
    ),
    Case(
        world("a1"),
        "outside",
        "10.244.1.1 8080",
        "answered listener_may_be_out_of_reach_of_clients_outside MAY; backends listener_answers_at_its_own_address MUST",
    ),
    Case(
        world("a1"),
        "pod a",
        "127.0.0.1 80",
        "answered loopback_is_the_clients_own MAY",
    ),
    Case(
        HINTED,
        "pod a",
        "cluster ip",
        "preference hints_for_zones_are_followed SHOULD",
    ),
    Case(
        replace(HINTED, slices=BY_NODE),
        "pod a",
        "cluster ip",
        "preference hints_for_nodes_are_followed SHOULD",
    ),
    Case(
        world("a1", services=[web(source_ranges=("203.0.113.0/24",))]),
        "outside",
        "balancer",
        "answered client_outside_the_source_ranges_is_shut_out MUST; backends client_outside_the_source_ranges_is_shut_out MUST",
    ),
    Case(
        world("a1", services=[web(source_ranges=("203.0.113.0/24",))]),
        "outside",
        "external ip",
        "answered source_ranges_may_hold_at_external_ips MAY; spread source_ranges_may_hold_at_external_ips MAY; source source_of_other_connections_may_be_any MAY",
    ),
    Case(
        world("a1", services=[web(source_ranges=("203.0.113.0/24",))]),
        "pod a",
        "balancer",
        "answered source_ranges_may_hold_or_not MAY; spread source_ranges_may_hold_or_not MAY; source source_of_other_connections_may_be_any MAY",
    ),
    Case(
        world("a1", services=[PROXY_MODE], entries={BALANCER: frozenset[str]()}),
        "pod a",
        "balancer",
        "answered address_of_ip_mode_proxy_is_left_to_the_load_balancer SHOULD; backends address_of_ip_mode_proxy_is_left_to_the_load_balancer SHOULD",
    ),
    Case(
        world("a1", services=[PROXY_MODE]),
        "pod a",
        "balancer",
        "answered load_balancer_may_lead_back_to_the_service MAY; backends slice_belongs_to_the_service_it_names MUST",
    ),
    Case(
        world("a1", services=[LOCAL], entries={BALANCER: frozenset[str]()}),
        "outside",
        "balancer",
        "answered packets_from_outside_may_come_in_nowhere MAY; backends slice_belongs_to_the_service_it_names MUST",
    ),
    Case(
        world(slices=slices("a1") + slices("a1-gone", name="web-2")),
        "pod a",
        "cluster ip",
        "answered either_listing_may_hold_where_they_disagree MAY; spread either_listing_may_hold_where_they_disagree MAY",
    ),
    Case(
        world("a1", services=[web(), OTHER]),
        "pod a",
        "external ip",
        "answered address_and_port_of_two_services_may_lead_to_either MAY; spread address_and_port_of_two_services_may_lead_to_either MAY; source source_of_other_connections_may_be_any MAY",
    ),
    Case(
        world("a1", listeners=()),
        "pod a",
        "cluster ip",
        "answered endpoint_that_is_not_ours_may_be_silent MAY",
    ),
    Case(
        claiming(world("a1"), without=[Feature.EXTERNAL_IPS]),
        "pod a",
        "external ip",
        "answered feature_that_is_not_claimed_may_be_missing MAY; spread feature_that_is_not_claimed_may_be_missing MAY; source source_of_other_connections_may_be_any MAY",
    ),
    Case(
        claiming(world("a1-draining"), release=None),
        "pod a",
        "cluster ip",
        "answered promise_of_a_later_release_may_be_missing MAY; backends terminating_endpoint_that_serves_is_the_last_resort MUST; spread promise_of_a_later_release_may_be_missing MAY",
    ),
)
