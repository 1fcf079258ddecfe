"""Which machines are clients outside: what a declaration says, and what they reach."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from svcproof.errors import ProvisionError
from svcproof.kubernetes.cluster.outside import clients
from svcproof.ledger import begin, end
from svcproof.model.cluster import Node
from svcproof.model.cluster_spec import ClusterSpec, KubeconfigSpec
from tests.kubernetes.cluster.outside.conftest import Sshd

NODES = (Node("here", ("127.0.0.1",)),)


def declared(*machines: str, outside: int = 2) -> ClusterSpec:
    return ClusterSpec(
        name="mine",
        provider="kubeconfig",
        kubeconfig=KubeconfigSpec(outside=machines),
        service_ranges=(ip_network("127.0.0.0/30"),),
        outside=outside,
    )


def objects(*addresses: str) -> list[dict[str, object]]:
    return [{"status": {"addresses": [{"address": one} for one in addresses]}}]


def test_a_declaration_without_any_is_taken_at_its_word() -> None:
    found = clients.find(declared(outside=0), objects(), NODES)

    assert found.found == ()
    assert found.why_none == found.why_not_two == found.no_services == "mine declares no clients outside"


def test_this_machine_is_one_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)

    found = clients.find(declared(), objects(), NODES)

    assert [(one.sources, one.host) for one in found.found] == [(("127.0.0.1",), None)]
    assert found.why_not_two == "this machine is one client: it has one address to the nodes"
    assert found.why_none == ""
    assert found.no_services.startswith("this machine has no route to ClusterIPs: 127.0.0.1 is taken for one")


def test_declared_machines_are_clients_and_two_with_one_address_are_not_two(sshd: Sshd) -> None:
    machines = (sshd().destination, sshd().destination)

    found = clients.find(declared(*machines), objects(), NODES)

    assert [one.host and one.host.destination for one in found.found] == list(machines)
    assert {one.sources for one in found.found} == {("127.0.0.1",)}
    assert found.why_not_two == "clients outside with an address of their own to the nodes: 1"


def test_one_that_cannot_be_had_ends_the_run_with_all_that_is_wrong(sshd: Sshd) -> None:
    is_a_node, nowhere = sshd().destination, "ssh://127.0.0.1:1"

    with pytest.raises(ProvisionError) as told:
        clients.find(declared(is_a_node, nowhere), objects("127.0.0.1"), NODES)

    assert f"{is_a_node} is a node of the cluster (127.0.0.1)" in str(told.value)
    assert f"ssh does not get to {nowhere}" in str(told.value)
    assert "take it off the declaration" in str(told.value)


def test_each_has_an_agent_as_long_as_the_context_lasts(
    sshd: Sshd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    there = clients.find(declared(sshd().destination), objects(), NODES).found
    entry = begin("kubeconfig")

    with clients.running(entry, (*there, clients.Client(("127.0.0.1",))), "secret") as places:
        sockets = [Path(one.socket) for one in places]
        assert [one.is_socket() for one in sockets] == [True, True]

    assert [one.name for one in places] == ["outside-1", "outside-2"]
    assert [bool(one.ssh) for one in places] == [True, False]
    assert not [one for one in sockets if one.exists()]
    end(entry)
