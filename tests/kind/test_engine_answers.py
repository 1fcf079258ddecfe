"""What engines answer, read: stand-ins print what docker and podman do."""

import json
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from svcproof.kubernetes.kind import images, node_image
from svcproof.kubernetes.kind.engine import Engine, network

DOCKER = [
    {
        "IPAM": {"Config": [{"Subnet": "172.18.0.0/16", "Gateway": "172.18.0.1"}, {"Subnet": "fc00:1::/64"}]},
        "Containers": {"a": {"IPv4Address": "172.18.0.2/16", "IPv6Address": "fc00:1::2/64"}},
    }
]
PODMAN = [{"subnets": [{"subnet": "10.89.0.0/24", "gateway": "10.89.0.1"}, {"subnet": "fc00:2::/64"}]}]


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """One that prints the file `answer`, and keeps its words in the file `asked`."""
    script = tmp_path / "engine"
    script.write_text(f'#!/bin/sh\necho "$*" >> {tmp_path}/asked\ncat {tmp_path}/answer\n')
    script.chmod(0o755)
    return Engine(str(script))


@pytest.mark.parametrize(
    ("answer", "ranges", "taken"),
    [
        (DOCKER, ["172.18.0.0/16", "fc00:1::/64"], ["172.18.0.2", "fc00:1::2", "172.18.0.1"]),
        (PODMAN, ["10.89.0.0/24", "fc00:2::/64"], ["10.89.0.1"]),
    ],
)
def test_the_network_of_the_nodes_is_read(
    engine: Engine, tmp_path: Path, answer: object, ranges: list[str], taken: list[str]
) -> None:
    (tmp_path / "answer").write_text(json.dumps(answer))

    found = network(engine)

    assert found.ranges == tuple(map(ip_network, ranges))
    assert found.taken == tuple(map(ip_address, taken))


@pytest.mark.parametrize(
    ("info", "v1", "kernel"),
    [
        ({"CgroupVersion": "1", "KernelVersion": "6.1"}, True, "6.1"),
        ({"CgroupVersion": "2", "KernelVersion": "6.1"}, False, "6.1"),
        ({"host": {"cgroupVersion": "v1", "kernel": "6.2"}}, True, "6.2"),
        ({"host": {"cgroupVersion": "v2", "kernel": "6.2"}}, False, "6.2"),
    ],
)
def test_control_groups_and_kernel_are_read(
    engine: Engine, tmp_path: Path, info: object, v1: bool, kernel: str
) -> None:
    (tmp_path / "answer").write_text(json.dumps(info))

    assert (engine.cgroup_v1(), engine.kernel()) == (v1, kernel)


def test_an_image_by_digest_gets_a_tag_since_archives_know_no_digests(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "answer").write_text("")
    image = "docker.io/library/python:3.14-slim@sha256:cad9a2c87176" + "0" * 52

    assert images.loadable(engine, image) == "svcproof.local/python:cad9a2c87176"
    assert f"tag {image} svcproof.local/python:cad9a2c87176" in (tmp_path / "asked").read_text()
    assert images.loadable(engine, "python:3") == "python:3"


@pytest.mark.parametrize(
    ("image", "answer", "version"),
    [("kindest/node:v1.36.1@sha256:0", "", (1, 36, 1)), ("mine/node:test", "v1.35.2\n", (1, 35, 2)), ("", "", ())],
)
def test_the_kubernetes_of_a_node_image_is_told_by_its_tag_or_from_inside(
    engine: Engine, tmp_path: Path, image: str, answer: str, version: tuple[int, ...]
) -> None:
    (tmp_path / "answer").write_text(answer)

    assert node_image.version(engine, image) == version
