"""What MetalLB is told, and the Service it is tried out with."""

from ipaddress import ip_address
from pathlib import Path
from typing import cast

import pytest

from svcproof.errors import ProvisionError
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.metallb import Manifest, install
from svcproof.kubernetes.metallb.installation import configuration, trial_service
from svcproof.kubernetes.objects.cluster_access import ClusterAccess
from svcproof.model.cluster_spec import AddressSpan
from tests.kubernetes.metallb.samples import NAMESPACE, objects
from tests.kubernetes.read_only_kube import ReadOnlyKube

FOUR = AddressSpan(first=ip_address("172.18.255.215"), last=ip_address("172.18.255.254"))
SIX = AddressSpan(first=ip_address("fc00::ffd7"), last=ip_address("fc00::fffe"))


def release() -> Manifest:
    found = objects()
    return Manifest(tuple(found.values()), found["controller"], found["speaker"])


def test_the_pool_is_announced_and_no_other_one():
    pool, advertisement = configuration(NAMESPACE, (FOUR, SIX))

    assert pool["spec"]["addresses"] == ["172.18.255.215-172.18.255.254", "fc00::ffd7-fc00::fffe"]
    assert advertisement["spec"] == {"ipAddressPools": [pool["metadata"]["name"]]}
    assert pool["metadata"]["namespace"] == advertisement["metadata"]["namespace"] == NAMESPACE


@pytest.mark.parametrize(
    ("pool", "policy"), [((FOUR,), "SingleStack"), ((SIX,), "SingleStack"), ((FOUR, SIX), "PreferDualStack")]
)
def test_it_is_tried_in_the_families_it_has_addresses_of(pool: tuple[AddressSpan, ...], policy: str):
    assert trial_service(release(), pool)["spec"]["ipFamilyPolicy"] == policy


def test_it_is_tried_with_an_endpoint_of_its_own_since_speakers_announce_nothing_without():
    found = trial_service(release(), (FOUR,))

    assert found["metadata"]["namespace"] == NAMESPACE
    assert found["spec"]["selector"] == {"app": "metallb", "component": "controller"}


class Scoped(ReadOnlyKube):
    """Knows where objects are put that name no namespace."""

    def default_namespace(self, kind: str) -> str:
        return "" if kind.split()[1] in ("Namespace", "CustomResourceDefinition") else "default"


def test_a_metallb_of_somebody_else_is_left_alone(tmp_path: Path):
    there = Scoped(Namespace=[objects()["namespace"]], CustomResourceDefinition=[], Deployment=[], DaemonSet=[])
    access = ClusterAccess(kube=cast(Kube, there), kubeconfig=tmp_path, token="mine", ends_with_run=False)

    with pytest.raises(ProvisionError, match="Namespace metallb-system is there already, and is not svcproof's"):
        install(access, release(), (FOUR,), print).__enter__()
