"""Names that are not like those of most kinds."""

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
