"""ClusterIPs and node ports: given, kept, given back."""

from collections.abc import Callable
from ipaddress import IPv4Network

import pytest

from svcproof.fault import mutated
from svcproof.json_objects import Object
from svcproof.lab.apiserver.admission import Admission
from svcproof.lab.apiserver.allocation import pools
from svcproof.lab.apiserver.allocation.pools import Addresses, NodePorts, TakenError
from svcproof.lab.apiserver.bootstrap import bootstrap
from svcproof.lab.apiserver.options import WriteOptions
from svcproof.lab.apiserver.patch.json_patch import json_merge
from svcproof.lab.apiserver.resources import known
from svcproof.lab.apiserver.rules import Rules
from svcproof.lab.apiserver.store import Store
from svcproof.lab.apiserver.target import Target
from svcproof.lab.apiserver.write import Writer
from svcproof.lab.faults.allocation import FAULTS
from tests.lab.apiserver.conftest import Ask
from tests.lab.apiserver.serving import places

ALL = "/api/v1/namespaces/default/services"


def service(name: str, **spec: object) -> Object:
    return {"metadata": {"name": name}, "spec": {"ports": [{"port": 80}], **spec}}


def test_a_range_gives_each_of_its_addresses_once() -> None:
    addresses = Addresses(IPv4Network("10.96.0.0/28"))

    taken = {addresses.take_any() for _ in range(14)}

    assert taken == {f"10.96.0.{n}" for n in range(1, 15)}
    with pytest.raises(TakenError, match="range is full"):
        addresses.take_any()


def test_node_ports_are_taken_from_the_upper_band_first() -> None:
    ports = NodePorts(range(30000, 30100))

    taken = [ports.take_any(ports.valid) for _ in range(100)]

    assert min(taken[:84]) >= 30016
    assert sorted(taken) == list(range(30000, 30100))


def test_what_a_refused_service_was_given_is_given_back(ask: Ask) -> None:
    spec = {"clusterIP": "10.96.0.55", "type": "NodePort", "ports": [{"port": 80, "nodePort": 30055}]}

    refused, _ = ask("POST", ALL, service("web", **spec, sessionAffinity="Cookie"))
    accepted, _ = ask("POST", ALL, service("web", **spec))

    assert (refused, accepted) == (422, 201)


def test_a_dry_run_takes_nothing(ask: Ask) -> None:
    ask("POST", f"{ALL}?dryRun=All", service("web", clusterIP="10.96.0.56"))

    assert ask("POST", ALL, service("web", clusterIP="10.96.0.56"))[0] == 201


def test_a_service_keeps_its_numbers_through_updates(ask: Ask) -> None:
    _, created = ask("POST", ALL, service("web", type="NodePort"))
    _, changed = ask("PUT", f"{ALL}/web", service("web", type="NodePort", selector={"a": "b"}))

    assert changed["spec"]["clusterIP"] == created["spec"]["clusterIP"]
    assert changed["spec"]["ports"] == created["spec"]["ports"]


BALANCED = {"type": "LoadBalancer"}
ASKING = {"type": "NodePort", "ports": [{"port": 80, "nodePort": 30055}]}
FAULTY: dict[str, tuple[Object, Callable[[Object], bool]]] = {
    "node-port-out-of-range": ({"type": "NodePort"}, lambda spec: spec["ports"][0]["nodePort"] < 30000),
    "requested-node-port-ignored": (ASKING, lambda spec: spec["ports"][0]["nodePort"] != 30055),
    "no-node-port-for-load-balancer": (BALANCED, lambda spec: "nodePort" not in spec["ports"][0]),
    "node-ports-despite-setting": (
        {**BALANCED, "allocateLoadBalancerNodePorts": False},
        lambda spec: "nodePort" in spec["ports"][0],
    ),
    "external-name-keeps-cluster-ip": (
        {"type": "ExternalName", "externalName": "example.com"},
        lambda spec: spec["clusterIP"].startswith("10.96."),
    ),
    "headless-gets-cluster-ip": ({"clusterIP": "None"}, lambda spec: spec["clusterIP"] != "None"),
}


def test_every_fault_of_allocation_is_shown() -> None:
    assert FAULTY.keys() == {fault.name for fault in FAULTS}


@pytest.mark.parametrize("fault", FAULTY)
def test_a_fault_shows_when_it_is_switched_on_and_only_then(fault: str) -> None:
    spec, shows = FAULTY[fault]

    assert [shows(created_by(spec, rules)) for rules in (Rules(), mutated(Rules(), FAULTS, [fault]))] == [False, True]


def created_by(spec: Object, rules: Rules) -> Object:
    """Make a Service, on a server of its own, by changing a plain one where its type allows that; returns its spec."""
    store = Store()
    writer = Writer(store, Admission(store, pools(places(), rules.take_port), "", rules))
    bootstrap(writer, places())
    resource = known("", "services")
    collection = Target(resource=resource, namespace="default")
    if "type" not in spec:
        item = writer.create(collection, service("web", **spec), WriteOptions()).item
    else:
        writer.create(collection, service("web"), WriteOptions())
        whole = Target(resource=resource, namespace="default", name="web")
        item = writer.update(whole, lambda old: json_merge(old, {"spec": spec}), WriteOptions()).item
    return {"clusterIP": "", **item["spec"]}
