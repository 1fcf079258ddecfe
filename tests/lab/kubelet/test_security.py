"""The rights of containers, by their securityContext, and what they can do to the machine."""

import json
from typing import Any

import pytest

from svcproof.lab.process.requirements import namespaces
from svcproof.lab.runtime.forkserver.capabilities import CONTAINER, MACHINE, NAMES, numbers
from tests.lab import attempts
from tests.lab.kubelet.conftest import MiniLab, mini_lab, python, shell

pytestmark = pytest.mark.lab

SHOW = "sed -n 's/^Cap\\(Prm\\|Eff\\|Bnd\\):\\t//p' /proc/self/status | sort -u"
FORBIDDEN = "nft add table ip mine && echo changed; ip link set lo mtu 65000 && echo changed; true"
PROBE = {"tcpSocket": {"port": 80}, "periodSeconds": 1}
ROOTLESS = ("unshare", "--user", "--map-root-user", *(word for word in namespaces()[1:] if "user" not in word))


def mask(*names: str) -> str:
    return f"{sum(1 << number for number in numbers(names)):016x}\n"


@pytest.mark.parametrize(
    ("context", "kept"),
    [
        ({}, CONTAINER),
        ({"capabilities": {"add": ["NET_ADMIN"]}}, CONTAINER | {"NET_ADMIN"}),
        ({"capabilities": {"drop": ["ALL"]}}, ()),
        ({"capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]}}, {"NET_BIND_SERVICE"}),
        ({"capabilities": {"drop": ["NET_RAW", "CAP_MKNOD"]}}, CONTAINER - {"NET_RAW", "MKNOD"}),
        ({"capabilities": {"add": ["SYS_TIME", "SYS_MODULE"]}}, CONTAINER),
    ],
)
def test_a_container_has_the_capabilities_its_security_context_gives(
    lab: MiniLab, context: dict[str, Any], kept: set[str]
):
    pod = lab.pod(shell(SHOW, securityContext=context), restartPolicy="Never")

    assert pod.says() == mask(*kept)


def test_a_privileged_container_has_what_a_node_has(lab: MiniLab):
    pod = lab.pod(shell(SHOW, securityContext={"privileged": True}), restartPolicy="Never")

    here = {name for name in NAMES if int(pod.says(), 16) >> NAMES.index(name) & 1}
    assert {"NET_ADMIN", "SYS_ADMIN", "NET_RAW"} <= here <= MACHINE | CONTAINER - {"MKNOD"}


def test_a_python_container_has_no_more_than_others(lab: MiniLab):
    script = "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('CapEff')))"
    pod = lab.pod(python(script), restartPolicy="Never")

    assert pod.says() == mask(*CONTAINER)


def test_a_container_without_capabilities_serves_port_80(lab: MiniLab):
    context = {"capabilities": {"drop": ["ALL"]}}
    pod = lab.pod({"name": "c", "image": "nginx", "securityContext": context, "readinessProbe": PROBE})

    pod.until_ready()


def test_a_command_in_a_container_has_its_rights(lab: MiniLab):
    context = {"capabilities": {"drop": ["ALL"]}, "allowPrivilegeEscalation": False}
    pod = lab.pod(shell("sleep 100", securityContext=context))
    pod.until_ready()

    show = "grep -h -e CapEff -e NoNewPrivs /proc/self/status"
    ran = lab.kubectl("exec", pod.name, "--", "sh", "-c", show)
    assert ran.stdout.split() == ["CapEff:", "0" * 16, "NoNewPrivs:", "1"]


@pytest.mark.parametrize("host_network", [False, True])
def test_a_container_does_not_change_the_network_it_is_in(lab: MiniLab, host_network: bool):
    script = f"{FORBIDDEN}; echo 1 >/proc/sys/net/ipv4/ip_forward && echo changed; true"
    pod = lab.pod(shell(script), hostNetwork=host_network, restartPolicy="Never")

    assert "changed" not in pod.says()


def test_a_container_that_may_changes_the_network_it_is_in(lab: MiniLab):
    context = {"capabilities": {"add": ["NET_ADMIN"]}}
    pod = lab.pod(shell(FORBIDDEN, securityContext=context), restartPolicy="Never")

    assert pod.says().split() == ["changed", "changed"]


def test_a_privileged_container_writes_settings_of_its_network(lab: MiniLab):
    script = "echo 1 >/proc/sys/net/ipv4/ip_forward && echo changed"
    container = shell(script, securityContext={"privileged": True})
    pod = lab.pod(container, restartPolicy="Never")

    assert pod.says() == "changed\n"


def tried(lab: MiniLab, context: dict[str, Any], **spec: Any) -> list[str]:
    command = ["python3", attempts.__file__, str(lab.directory), "/media", "/mnt"]
    container = {"name": "c", "image": "python:3.12-slim", "command": command, "securityContext": context}
    return list(json.loads(lab.pod(container, restartPolicy="Never", **spec).says())["succeeded"])


@pytest.mark.parametrize("context", [{}, {"privileged": True}, {"capabilities": {"add": ["ALL"]}}])
def test_a_container_changes_nothing_of_the_machine(lab: MiniLab, context: dict[str, Any]):
    assert tried(lab, context, hostNetwork=True) == []


def test_a_container_changes_nothing_of_the_machine_in_a_user_namespace():
    with mini_lab(within=ROOTLESS) as lab:
        assert tried(lab, {}) == []
        assert tried(lab, {"privileged": True}) == []
