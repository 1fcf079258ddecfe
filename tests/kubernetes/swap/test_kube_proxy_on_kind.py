"""kube-proxy switched on a cluster of real Kubernetes, or taken off it, and put back."""

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from svcproof import declare
from svcproof.errors import ProvisionError
from svcproof.kubernetes.objects.cluster_access import ClusterAccess
from svcproof.kubernetes.swap import install_proxy, undo_killed_run
from tests.kubernetes.swap.stage import ON_ONE_CLUSTER, Everything, await_rules, held, nodes, quiet

pytestmark = ON_ONE_CLUSTER


@pytest.mark.parametrize("mode", ["iptables", "nftables"])
def test_a_mode_of_kube_proxy_runs_alone_on_every_node(access: ClusterAccess, mode: str) -> None:
    with install_proxy(access, declare.proxy(f"kube-proxy-{mode}"), quiet) as under_test:
        await_rules(access.kube, mode)

        assert under_test.description == f"kube-proxy {under_test.versions['kube-proxy']}, mode {mode}"
        assert under_test.versions["kube-proxy"].startswith("v1.")
        assert len(access.kube.list("Pod", under_test.namespace, under_test.selector)) == len(nodes(access.kube))


def test_the_mode_that_is_there_needs_no_change(access: ClusterAccess, everything: Everything) -> None:
    before = everything()

    with install_proxy(access, declare.proxy("kube-proxy-iptables"), quiet):
        assert everything().keys() == before.keys()


def test_what_the_cluster_has_is_told(access: ClusterAccess) -> None:
    with install_proxy(access, declare.proxy("cluster-default"), quiet) as under_test:
        assert under_test.description == f"kube-proxy {under_test.versions['kube-proxy']}, mode iptables"


def test_without_kube_proxy_no_rule_is_left(access: ClusterAccess, write: Callable[[str], str]) -> None:
    with install_proxy(access, declare.proxy(write("install: {kubeProxy: {mode: none}}")), quiet) as under_test:
        await_rules(access.kube, "")

        assert under_test.description == "no proxy"
        assert access.kube.list("Pod", "kube-system", "k8s-app=kube-proxy") == []


@pytest.mark.parametrize("sign", ["installed", "changing kube-proxy", "waiting for DaemonSet"])
def test_what_a_killed_run_has_changed_is_put_back(access: ClusterAccess, kubeconfig: Path, sign: str) -> None:
    with held(kubeconfig, "kube-proxy-nftables", access.token, sign) as child:
        child.kill()

    assert undo_killed_run(access.kube, kubeconfig, quiet, token="another") == ""
    assert (
        undo_killed_run(access.kube, kubeconfig, quiet, token=access.token)
        == f"what run {access.token} changed to test kube-proxy-nftables"
    )
    assert undo_killed_run(access.kube, kubeconfig, quiet) == ""


@pytest.mark.parametrize("sign", ["installed", "changing kube-proxy"])
def test_an_interrupted_run_puts_back_itself(access: ClusterAccess, kubeconfig: Path, sign: str) -> None:
    with held(kubeconfig, "kube-proxy-nftables", access.token, sign) as child:
        child.send_signal(signal.SIGINT)
        child.wait(120)

    assert undo_killed_run(access.kube, kubeconfig, quiet) == ""


def test_two_runs_do_not_change_one_cluster(access: ClusterAccess, kubeconfig: Path) -> None:
    with (
        install_proxy(access, declare.proxy("kube-proxy-nftables"), quiet),
        pytest.raises(ProvisionError, match=rf"changed by run {access.token}, to test kube-proxy-nftables"),
        install_proxy(
            ClusterAccess(kube=access.kube, kubeconfig=kubeconfig, token="other", ends_with_run=False),
            declare.proxy("kube-proxy-iptables"),
            quiet,
        ),
    ):
        pytest.fail("both are at it")


def test_a_mode_that_cannot_run_is_put_back(access: ClusterAccess, manifests: str) -> None:
    with (
        pytest.raises(ProvisionError, match="kube-proxy runs in mode iptables, and cannot be changed to ipvs"),
        install_proxy(access, declare.proxy(manifests.replace("mine", "ipvs")), quiet),
    ):
        pytest.fail("it came up")
