from dataclasses import replace

from svcproof.reference_proxy.health import HealthAnswer, proxy_answer, service_answers
from svcproof.reference_proxy.state import Endpoint, State
from tests.reference_proxy.bench import NODE
from tests.reference_proxy.samples import TCP, UDP, endpoint, state

PORT = 30999


def answer(*endpoints: Endpoint) -> HealthAnswer:
    served = state(*endpoints, ports=(TCP, UDP), health_check_port=PORT)
    return service_answers(served)[PORT]


def test_a_local_ready_endpoint_makes_200_and_counts_once_for_all_ports() -> None:
    said = answer(endpoint("pod-1"), endpoint("pod-2"), endpoint("10.244.2.1", node="node-b"))
    assert said == HealthAnswer(
        200,
        {"service": {"namespace": "shop", "name": "web"}, "localEndpoints": 2, "serviceProxyHealthy": True},
        endpoints=2,
    )


def test_endpoints_elsewhere_and_those_not_ready_make_503() -> None:
    assert answer(endpoint(node="node-b")).status == 503
    assert answer(endpoint(ready=False)).status == 503
    assert answer(endpoint(ready=False, serving=True, terminating=True)).status == 503


def test_services_without_a_health_check_port_get_none() -> None:
    assert service_answers(state(endpoint())) == {}


def test_the_proxy_is_well_once_it_has_served_and_while_its_node_stays() -> None:
    assert proxy_answer(None).status == 503
    assert proxy_answer(State(node=NODE)).status == 200
    assert proxy_answer(State(node=replace(NODE, leaving=True))).status == 503
