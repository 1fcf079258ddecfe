"""Where declarations and suites are found, and what their schemas say."""

import json

import pytest

from svcproof import declare


def test_a_checkout_has_them_beside_the_package() -> None:
    assert (declare.fixtures_dir() / "clusters/lab.yaml").is_file()
    assert (declare.suites_dir() / "__init__.py").is_file()


def test_names_are_those_of_the_files() -> None:
    assert {"lab", "lab-single-node"} <= set(declare.names("clusters"))
    assert {"reference", "kube-proxy-iptables", "kube-proxy-nftables"} <= set(declare.names("proxies"))


@pytest.mark.parametrize(("kind", "key"), [("cluster", "podRanges"), ("proxy", "install")])
def test_a_schema_describes_the_keys_of_a_file_and_no_others(kind: str, key: str) -> None:
    schema = json.loads(json.dumps(declare.schema(kind)))

    assert key in schema["properties"]
    assert not {"name", "version"} & set(schema["properties"])
    assert schema["additionalProperties"] is False
