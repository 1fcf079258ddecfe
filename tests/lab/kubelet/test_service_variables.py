from collections.abc import Mapping
from typing import Any

import pytest

from svcproof.fault import mutated
from svcproof.lab.faults.kubelet import FAULTS
from svcproof.lab.kubelet.rules import Rules


def service(name: str, *ports: dict[str, Any], namespace: str = "shop", address: str = "10.96.0.9", **spec: Any) -> Any:
    return {
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"clusterIP": address, "ports": list(ports) or [{"port": 80}], **spec},
    }


KUBERNETES = service("kubernetes", {"name": "https", "port": 443}, namespace="default", address="10.96.0.1")


def variables(*services: Any, links: bool = True, fault: str = "") -> Mapping[str, str]:
    rules = mutated(Rules(), FAULTS, [fault])
    pod = {"metadata": {"name": "web", "namespace": "shop"}, "spec": {"enableServiceLinks": links, "containers": [{}]}}
    return rules.service_variables(pod, {}, filter(rules.gives_variables, services), rules.word)


def test_one_unnamed_port_gives_these_variables_and_no_others():
    assert variables(service("web")) == {
        "WEB_SERVICE_HOST": "10.96.0.9",
        "WEB_SERVICE_PORT": "80",
        "WEB_PORT": "tcp://10.96.0.9:80",
        "WEB_PORT_80_TCP": "tcp://10.96.0.9:80",
        "WEB_PORT_80_TCP_PROTO": "tcp",
        "WEB_PORT_80_TCP_PORT": "80",
        "WEB_PORT_80_TCP_ADDR": "10.96.0.9",
    }


def test_dashes_become_underscores_in_names_of_services_and_ports():
    found = variables(service("my-db", {"name": "pg-main", "port": 5432}))

    assert found["MY_DB_SERVICE_PORT_PG_MAIN"] == "5432"


def test_the_first_port_in_the_order_of_the_spec_stands_for_the_service():
    found = variables(service("dns", {"name": "b", "port": 90}, {"name": "a", "port": 53, "protocol": "UDP"}))

    assert found["DNS_SERVICE_PORT"] == "90"
    assert found["DNS_PORT"] == "tcp://10.96.0.9:90"
    assert found["DNS_PORT_53_UDP"] == "udp://10.96.0.9:53"
    assert found["DNS_PORT_53_UDP_PROTO"] == "udp"


def test_an_ipv6_address_has_brackets_in_urls_only():
    found = variables(service("web", address="fd00::9"))

    assert found["WEB_SERVICE_HOST"] == found["WEB_PORT_80_TCP_ADDR"] == "fd00::9"
    assert found["WEB_PORT"] == "tcp://[fd00::9]:80"


def test_only_services_of_the_namespace_that_have_an_address_and_kubernetes_count():
    others = (
        service("elsewhere", namespace="default"),
        service("headless", address="None"),
        service("alias", address="", type="ExternalName", externalName="example.com"),
    )

    found = variables(KUBERNETES, *others)

    assert {name.partition("_")[0] for name in found} == {"KUBERNETES"}


def test_a_service_called_kubernetes_of_the_own_namespace_comes_before_that_of_default():
    own = service("kubernetes", address="10.96.0.77")

    assert variables(own, KUBERNETES)["KUBERNETES_SERVICE_HOST"] == "10.96.0.77"
    assert variables(KUBERNETES, own)["KUBERNETES_SERVICE_HOST"] == "10.96.0.77"
    assert variables(own, KUBERNETES, links=False)["KUBERNETES_SERVICE_HOST"] == "10.96.0.1"


SAMPLES = (
    KUBERNETES,
    service("my-db", {"name": "pg-a", "port": 5432, "targetPort": 1}, {"name": "b", "port": 53, "protocol": "UDP"}),
    service("headless", address="None"),
    service("elsewhere", namespace="other"),
    service("plain", {"port": 80, "nodePort": 30080}),
)


@pytest.mark.parametrize(
    ("fault", "name", "value"),
    [
        ("no-service-variables", "KUBERNETES_SERVICE_HOST", None),
        ("variables-from-other-namespaces", "ELSEWHERE_SERVICE_HOST", "10.96.0.9"),
        ("dash-kept-in-names", "MY-DB_SERVICE_HOST", "10.96.0.9"),
        ("wrong-service-port", "MY_DB_SERVICE_PORT", "1"),
        ("last-port-first", "MY_DB_SERVICE_PORT", "53"),
        ("no-named-ports", "MY_DB_SERVICE_PORT_PG_A", None),
        ("protocol-always-tcp", "MY_DB_PORT_53_TCP_PROTO", "tcp"),
        ("headless-variables", "HEADLESS_SERVICE_HOST", "None"),
        ("node-port-in-variables", "PLAIN_SERVICE_PORT", "30080"),
        ("unnamed-ports-named", "PLAIN_SERVICE_PORT_80", "80"),
        ("kubernetes-withheld", "KUBERNETES_SERVICE_HOST", None),
    ],
)
def test_each_fault_shows(fault: str, name: str, value: str | None):
    assert variables(*SAMPLES).get(name) != value
    assert variables(*SAMPLES, fault=fault).get(name) == value


def test_the_fault_of_ignored_links_shows():
    assert "MY_DB_SERVICE_HOST" not in variables(*SAMPLES, links=False)
    assert "MY_DB_SERVICE_HOST" in variables(*SAMPLES, links=False, fault="links-despite-enable-service-links-false")
