"""An account that may not do what a run was asked for is told before anything is changed."""

import json
from typing import Any, cast

import pytest

from svcproof.errors import ProvisionError
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.cluster.permissions import require_permissions


class Reviewing:
    """An API server that allows what is listed, as (verb, resource), and does nothing else."""

    def __init__(self, *allowed: tuple[str, str]) -> None:
        self._allowed = allowed

    def post(self, path: str, body: bytes, headers: Any, timeout: float) -> tuple[int, bytes]:
        asked = json.loads(body)["spec"]["resourceAttributes"]
        allowed = not self._allowed or (asked["verb"], asked["resource"]) in self._allowed
        return 201, json.dumps({"status": {"allowed": allowed}}).encode()


def kube(*allowed: tuple[str, str]) -> Kube:
    return cast(Kube, Reviewing(*allowed))


def test_a_run_that_changes_nothing_needs_nothing_more() -> None:
    assert require_permissions(kube(("get", "pods")), proxy=False, metallb=False) is None


def test_an_administrator_may_do_both() -> None:
    assert require_permissions(kube(), proxy=True, metallb=True) is None


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"proxy": False, "metallb": True}, "cannot install MetalLB: .*customresourcedefinitions.*rbac --for-metallb"),
        ({"proxy": True, "metallb": False}, "cannot change the proxy: .*in namespace kube-system.*rbac --for-proxy"),
    ],
)
def test_another_account_is_told_what_it_lacks_and_who_can_give_it(asked: dict[str, bool], words: str) -> None:
    with pytest.raises(ProvisionError, match=words):
        require_permissions(kube(("get", "pods")), **asked)
