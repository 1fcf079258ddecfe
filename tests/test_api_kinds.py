"""The table of API kinds."""

from svcproof.api_kinds import DEPLOYMENTS, KINDS, NODES, PODS


def test_paths_follow_group_namespace_and_subresource() -> None:
    assert PODS.path() == "/api/v1/pods"
    assert PODS.path("shop", "one", "status") == "/api/v1/namespaces/shop/pods/one/status"
    assert DEPLOYMENTS.path("shop") == "/apis/apps/v1/namespaces/shop/deployments"
    assert NODES.path("ignored", "a") == "/api/v1/nodes/a"


def test_each_kind_is_in_the_table_once_and_has_a_path_of_its_own() -> None:
    assert len({kind.path() for kind in KINDS}) == len({(kind.api_version, kind.kind) for kind in KINDS}) == len(KINDS)
