"""MetalLB installed into a cluster of real Kubernetes, and removed without a trace.

Needs SVCPROOF_METALLB_MANIFEST, whose images the engine has.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping

import pytest

from svcproof.errors import ProvisionError
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.kind import engine
from svcproof.kubernetes.metallb import (
    Manifest,
    address_pools,
    existing_load_balancer,
    free_addresses,
    install,
    manifest,
    remove,
)
from svcproof.kubernetes.objects.cluster_access import ClusterAccess
from svcproof.model.cluster_spec import AddressSpan, MetalLBSpec

pytestmark = [pytest.mark.kind, pytest.mark.xdist_group("one cluster"), pytest.mark.timeout(300)]

MANIFEST = "SVCPROOF_METALLB_MANIFEST"
Everything = Callable[[], Mapping[str, Object]]


@pytest.fixture
def release() -> Manifest:
    path = os.environ.get(MANIFEST)
    if not path:
        pytest.skip(f"{MANIFEST} names no manifest of MetalLB")
    return manifest(MetalLBSpec(manifest=path), print)


@pytest.fixture
def span() -> AddressSpan:
    there = engine.network(engine.find())
    whole = next(one for one in there.ranges if one.version == 4)
    return free_addresses(whole, there.taken, ())


def test_it_serves_while_it_is_installed_and_leaves_nothing(
    access: ClusterAccess, release: Manifest, span: AddressSpan, everything: Everything
):
    before, said = everything(), list[str]()

    with install(access, release, (span,), said.append):
        told, given = existing_load_balancer(access.kube), address_pools(access.kube)
        labelled = {path for path, one in everything().items() if _label(one) == access.token}

    assert told == f"MetalLB {release.version} in {release.namespace}"
    assert given == (span,)
    assert len(labelled) >= len(release.objects) + 2
    assert everything().keys() == before.keys()
    assert said[0] == f"installing MetalLB {release.version}"
    assert said[-1] == "removing MetalLB"


def test_what_a_killed_run_has_installed_is_removed_and_by_its_own_name_alone(
    access: ClusterAccess, release: Manifest, span: AddressSpan, everything: Everything
):
    before = everything()
    words = (sys.executable, "-m", "tests.kubernetes.metallb.held", str(access.kubeconfig), os.environ[MANIFEST])
    with subprocess.Popen((*words, access.token, str(span.first)), stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout
        steps = [
            line.strip() for line in iter(run.stdout.readline, "waiting for MetalLB's webhook to accept its pool\n")
        ]
        run.send_signal(signal.SIGKILL)

    assert steps[0] == f"installing MetalLB {release.version}"
    with pytest.raises(ProvisionError, match=f"of run {access.token}.*svcproof clean"):
        install(access, release, (span,), print).__enter__()
    remove(access.kube, "another")
    assert everything().keys() > before.keys()
    remove(access.kube, access.token)
    assert everything().keys() == before.keys()


def test_a_pool_that_metallb_refuses_is_told_and_nothing_is_left(
    access: ClusterAccess, release: Manifest, span: AddressSpan, everything: Everything
):
    before = everything()
    reversed_span = AddressSpan(first=span.last, last=span.first)

    with pytest.raises(ProvisionError, match="MetalLB refuses its configuration: apply IPAddressPool"):
        install(access, release, (reversed_span,), print).__enter__()

    assert everything().keys() == before.keys()


def _label(one: Object) -> str:
    return str((one["metadata"].get("labels") or {}).get("svcproof.dev/run", ""))


def test_the_control_plane_may_announce_in_a_cluster_of_ours_alone(kube: Kube) -> None:
    """See `install`: own clusters lose the label; this one, which is not the run's own, has kept it."""
    excluded = kube.list("Node", labels="node.kubernetes.io/exclude-from-external-load-balancers")

    assert [one["metadata"]["name"].endswith("control-plane") for one in excluded] == [True]
