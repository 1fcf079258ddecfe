"""The sample workloads: plain manifests that fit together."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from svcproof import declare

FILES = sorted((declare.fixtures_dir() / "workloads").glob("*.yaml"))


def objects(path: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(path.read_text()))


def test_a_service_of_three_endpoints_and_one_of_one_are_there() -> None:
    found = {
        one["metadata"]["name"]: deployment["spec"]["replicas"]
        for path in FILES
        for deployment in objects(path)
        if deployment["kind"] == "Deployment"
        for one in objects(path)
        if one["kind"] == "Service"
    }

    assert found == {"frontend-svc": 3, "db-svc": 1, "echo": 3}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_service_selects_pods_that_have_the_ports_it_names(path: Path) -> None:
    every = objects(path)
    templates = [one["spec"]["template"] for one in every if one["kind"] == "Deployment"]
    services = [one["spec"] for one in every if one["kind"] == "Service"]

    assert {one["kind"] for one in every} <= {"Deployment", "Service", "Pod"}
    for service in services:
        (template,) = [one for one in templates if service["selector"].items() <= one["metadata"]["labels"].items()]
        ports = {port["name"] for container in template["spec"]["containers"] for port in container["ports"]}
        assert {port["targetPort"] for port in service["ports"]} <= ports
