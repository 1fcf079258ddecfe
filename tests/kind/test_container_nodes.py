"""Clients outside of a cluster whose nodes are containers of this machine's engine."""

import json
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path

import pytest

from svcproof.kubernetes.kind import container_nodes
from svcproof.kubernetes.kind import engine as engines
from svcproof.kubernetes.kind.container_nodes import ContainerNodes
from svcproof.kubernetes.kind.engine import Engine
from svcproof.model.cluster import Node
from svcproof.model.cluster_spec import ClusterSpec

NODES = (Node("mine-worker", ("172.18.0.3", "fc00:1::3")), Node("mine-control-plane", ("172.18.0.2", "fc00:1::2")))
Attachments = Mapping[str, tuple[str, str]]


def container(attachments: Attachments, image: str = "sha256:1") -> dict[str, object]:
    networks = {name: {"IPAddress": ip, "GlobalIPv6Address": ip6} for name, (ip, ip6) in attachments.items()}
    return {"Image": image, "NetworkSettings": {"Networks": networks}}


def read(*attachments: Attachments) -> ContainerNodes | None:
    return container_nodes.read(Engine("docker"), NODES, [container(one) for one in attachments])


def spec(**more: object) -> ClusterSpec:
    return ClusterSpec.model_validate({"name": "mine", "provider": "kubeconfig", **more})


def test_they_are_on_the_network_where_the_containers_have_the_addresses_of_the_nodes() -> None:
    other = ("10.1.0.9", "")

    found = read(
        {"other": other, "kind": ("172.18.0.3", "fc00:1::3")}, {"kind": ("172.18.0.2", "fc00:1::2"), "other": other}
    )

    assert found == ContainerNodes(
        engine=Engine("docker"), network="kind", image="sha256:1", gateways=("172.18.0.3", "fc00:1::3")
    )


@pytest.mark.parametrize(
    "second",
    [{"kind": ("172.18.0.9", "")}, {"other": ("172.18.0.2", "")}, {}],
    ids=["another address", "another network", "no network"],
)
def test_containers_that_only_have_the_names_of_nodes_are_none(second: Attachments) -> None:
    assert read({"kind": ("172.18.0.3", "")}, second) is None


def engine_on_path(monkeypatch: pytest.MonkeyPatch, place: Path, code: int, said: str) -> None:
    """The only engine is one whose `inspect` prints this and ends with this code."""
    script = place / "docker"
    (place / "said").write_text(said)
    script.write_text(f'#!/bin/sh\n[ "$1" = inspect ] || exit 0\n/bin/cat "{place}/said"\nexit {code}\n')
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(place))
    monkeypatch.delenv(engines.CHOICE, raising=False)


def test_nodes_are_found_by_their_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    there = [container({"kind": (node.addresses[0], "")}) for node in NODES]
    engine_on_path(monkeypatch, tmp_path, 0, json.dumps(there))

    found = container_nodes.find(NODES)

    assert found
    assert (found.network, found.gateways) == ("kind", ("172.18.0.3",))


def test_nodes_that_are_no_containers_here_are_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    engine_on_path(monkeypatch, tmp_path, 1, "[]")

    assert container_nodes.find(NODES) is None


def test_without_an_engine_there_are_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(engines.CHOICE, raising=False)

    assert container_nodes.find(NODES) is None


def test_addresses_for_external_ips_are_declared_or_nobodys() -> None:
    declared = spec(externalRanges=["203.0.113.0/24"])

    assert container_nodes.external_ranges(declared) == (ip_network("203.0.113.0/24"),)
    assert container_nodes.external_ranges(spec()) == (ip_network("198.51.100.0/24"),)
    assert container_nodes.external_ranges(spec(families=["ipv6"])) == (ip_network("2001:db8::/32"),)


@pytest.mark.parametrize(("outside", "why_not"), [(2, ""), (1, "mine declares one client outside")])
def test_there_are_as_many_as_declared(outside: int, why_not: str) -> None:
    found = read({"kind": ("172.18.0.3", "")}, {"kind": ("172.18.0.2", "")})

    assert found
    assert found.clients(spec(outside=outside)).why_not_two == why_not
