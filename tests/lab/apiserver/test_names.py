"""Names that are not like those of most kinds."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.lab.apiserver.conftest import Ask

ADDRESSES = "/apis/networking.k8s.io/v1/ipaddresses"


@pytest.mark.parametrize(("name", "status"), [("192.0.2.1", 201), ("2001:db8::1", 201), ("somewhere", 422)])
def test_an_ip_address_is_named_as_what_it_is(ask: Ask, name: str, status: int) -> None:
    parent = {"resource": "things", "name": "one"}

    assert ask("POST", ADDRESSES, {"metadata": {"name": name}, "spec": {"parentRef": parent}})[0] == status


def test_a_role_may_have_a_name_with_colons(ask: Ask) -> None:
    roles = "/apis/rbac.authorization.k8s.io/v1/clusterroles"

    assert ask("POST", roles, {"metadata": {"name": "system:reader"}})[0] == 201


def creatable(ask: Ask) -> Iterator[tuple[str, dict[str, str]]]:
    """Path and identity of each resource that objects can be made of, by discovery."""
    versions = ["/api/v1"] + [
        f"/apis/{group['preferredVersion']['groupVersion']}" for group in ask("GET", "/apis")[1]["groups"]
    ]
    for version in versions:
        listing = ask("GET", version)[1]
        for resource in listing["resources"]:
            if "create" in resource["verbs"] and "/" not in resource["name"]:
                place = "/namespaces/default" if resource["namespaced"] else ""
                identity = {"apiVersion": listing["groupVersion"], "kind": resource["kind"]}
                yield f"{version}{place}/{resource['name']}", identity


@pytest.mark.parametrize(
    "spec", [{}, {"template": {"metadata": {}, "spec": {"containers": [{"name": "c", "image": "busybox"}]}}}]
)
def test_an_object_without_a_name_is_refused_whatever_its_kind(ask: Ask, spec: dict[str, Any]) -> None:
    answers = {
        path: ask("POST", path, identity | {"metadata": {}, "spec": spec})[0] for path, identity in creatable(ask)
    }

    assert len(answers) > 20
    assert {path: code for path, code in answers.items() if code >= 500} == {}
