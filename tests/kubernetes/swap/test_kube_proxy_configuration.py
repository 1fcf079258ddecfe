"""kube-proxy's configuration file, edited."""

import pytest

from svcproof.errors import ProvisionError
from svcproof.kubernetes.swap.kube_proxy import mode_in, with_mode


@pytest.mark.parametrize(
    ("before", "mode", "after"),
    [
        ("a: 1\nmode: iptables\nz: 2\n", "iptables", "a: 1\nmode: nftables\nz: 2\n"),
        ('a: 1\nmode: "ipvs" # why\nz: 2', "ipvs", "a: 1\nmode: nftables # why\nz: 2"),
        ('mode: ""\nnftables: {mode: x}\n', "iptables", "mode: nftables\nnftables: {mode: x}\n"),
        ("mode:\nz: 2\n", "iptables", "mode: nftables\nz: 2\n"),
        ("mode: null\n", "iptables", "mode: nftables\n"),
        ("a:\n  mode: ipvs\n", "iptables", "a:\n  mode: ipvs\nmode: nftables\n"),
    ],
)
def test_the_mode_alone_is_changed(before: str, mode: str, after: str) -> None:
    assert mode_in(before) == mode
    assert with_mode(before, "nftables") == after
    assert mode_in(after) == "nftables"


@pytest.mark.parametrize("text", ["a: [", "- a", ""])
def test_what_is_no_configuration_is_told(text: str) -> None:
    with pytest.raises(ProvisionError, match="kube-proxy's configuration in the cluster is no"):
        mode_in(text)
