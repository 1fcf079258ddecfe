"""Clusters share the network of their nodes, and each has load balancer addresses of its own there."""

from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from svcproof import declare
from svcproof.errors import UsageError
from svcproof.kubernetes.kind import load_balancer
from svcproof.kubernetes.kind.engine import Engine, Network
from svcproof.kubernetes.kind.kind_program import KindProgram
from svcproof.kubernetes.kind.tools import Tools
from svcproof.model.cluster_spec import AddressSpan

NETWORK = Network("kind", (ip_network("172.18.0.0/16"), ip_network("fc00:1::/64")), (ip_address("172.18.0.2"),))
DUAL = declare.cluster("kind-dual")


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tools:
    """A kind whose clusters are named in the file `clusters`."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    script = tmp_path / "kind"
    script.write_text(f"#!/bin/sh\ncat {tmp_path}/clusters\n")
    script.chmod(0o755)
    return Tools(Engine("docker"), KindProgram(script))


def test_each_cluster_has_a_pool_of_its_own_per_family_and_the_same_again(tools: Tools, tmp_path: Path) -> None:
    (tmp_path / "clusters").write_text("a\nb\n")

    first, second = (load_balancer.claim_pool(tools, name, DUAL, NETWORK) for name in "ab")

    assert [one.first.version for one in first] == [4, 6]
    assert not {str(one) for one in first} & {str(one) for one in second}
    assert load_balancer.claim_pool(tools, "a", DUAL, NETWORK) == first


def test_the_pool_of_a_cluster_that_is_gone_is_free_again(tools: Tools, tmp_path: Path) -> None:
    (tmp_path / "clusters").write_text("a\n")
    first = load_balancer.claim_pool(tools, "a", DUAL, NETWORK)
    (tmp_path / "clusters").write_text("b\n")

    assert load_balancer.claim_pool(tools, "b", DUAL, NETWORK) == first


def test_a_declared_pool_is_taken_where_it_is_in_the_network(tools: Tools) -> None:
    inside, outside = (
        (AddressSpan(first=ip_address(f"{start}.1"), last=ip_address(f"{start}.9")),)
        for start in ("172.18.200", "172.19.0")
    )

    assert (
        load_balancer.claim_pool(tools, "a", DUAL.model_copy(update={"load_balancer_pool": inside}), NETWORK) == inside
    )
    with pytest.raises(UsageError, match=r"172.19.0.1 to 172.19.0.9 is outside the network of the nodes"):
        load_balancer.claim_pool(tools, "a", DUAL.model_copy(update={"load_balancer_pool": outside}), NETWORK)
