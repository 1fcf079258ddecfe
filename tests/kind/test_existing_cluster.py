"""A cluster that somebody else made, with kind: what a run needs in it, and that it is left as it was."""

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import yaml

from harness.cluster import rbac
from harness.kube import Kube
from harness.wait import provisioned
from tests.kind.conftest import SVCPROOF, Run
from tests.kind.overheard import overheard, right
from tests.kind.snapshot import at_rest, differences, snapshot

pytestmark = [pytest.mark.kind, pytest.mark.timeout(600), pytest.mark.xdist_group("kind")]

ONE = ("-k", "cluster_ip_reaches_a_backend_from_every_node")
RESTRICTED = {"pod-security.kubernetes.io/enforce": "restricted"}
ASKED_BY_OTHERS = {
    ("namespace", "create", "pods/exec"),  # which verb commands need depends on the version
    ("namespace", "get", "pods/exec"),
    ("namespace", "patch", "services/status"),  # where there is a load balancer
    ("namespace", "create", "endpointslices.discovery.k8s.io"),
    ("namespace", "delete", "endpointslices.discovery.k8s.io"),
    ("kube-system", "get", "pods/log"),  # when the proxy is in trouble
    ("kube-system", "get", "services"),
    ("default", "get", "services"),
    ("", "list", "ipaddresspools.metallb.io"),  # where there is MetalLB
    ("", "list", "l2advertisements.metallb.io"),
    ("", "list", "gatewayclasses.gateway.networking.k8s.io"),  # where there are such kinds
    ("", "list", "felixconfigurations.crd.projectcalico.org"),
}
"""Rights for which there need be no occasion in the run that is listened to."""
REFUSED = {("", "list", "services"), ("", "create", "selfsubjectaccessreviews.authorization.k8s.io")}
"""What a run asks in passing and does without, and what everybody may."""


@pytest.fixture(scope="module")
def cluster(foreign_kubeconfig: Path) -> Path:
    """The kubeconfig of its administrator."""
    at_rest(foreign_kubeconfig)
    return foreign_kubeconfig


def begin(kubeconfig: Path, environment: dict[str, str], results: Path, *more: str) -> "subprocess.Popen[bytes]":
    """A run that has begun, whose sample pods are there."""
    words = ("run", "--kubeconfig", str(kubeconfig), "--area", "cluster_ip", "--results", str(results), *more)
    run = subprocess.Popen((*SVCPROOF, *words), env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with closing(Kube(kubeconfig)) as kube:
        provisioned("the sample pods", lambda: kube.list("Pod", labels="app=echo"), lambda pods: len(pods) == 3, 90)
    return run


def test_a_run_leaves_it_as_it_was(cluster: Path, svcproof: Run, agent_image: str, tmp_path: Path) -> None:
    before = snapshot(cluster)

    ended = svcproof("run", "--kubeconfig", cluster, "--image", agent_image, "--results", tmp_path / "run", *ONE)

    assert ended.returncode == 0, ended.stdout
    assert differences(before, snapshot(cluster)) == []


def test_an_interrupted_run_leaves_it_as_it_was(
    cluster: Path, environment: dict[str, str], agent_image: str, tmp_path: Path
) -> None:
    before = snapshot(cluster)
    run = begin(cluster, environment, tmp_path / "run", "--image", agent_image)

    run.send_signal(signal.SIGINT)

    assert run.wait() == 2
    assert differences(before, snapshot(cluster)) == []


@pytest.mark.parametrize("elsewhere", [False, True], ids=["here", "on another machine"])
def test_what_a_killed_run_left_is_cleaned_away(
    cluster: Path, environment: dict[str, str], svcproof: Run, agent_image: str, tmp_path: Path, elsewhere: bool
) -> None:
    before = snapshot(cluster)
    elsewhere_too = environment | ({"XDG_STATE_HOME": str(tmp_path / "other")} if elsewhere else {})
    run = begin(cluster, elsewhere_too, tmp_path / "run", "--image", agent_image)
    run.kill()
    run.wait()
    which = ("--kubeconfig", cluster) if elsewhere else ()
    assert differences(before, snapshot(cluster))

    would = svcproof("clean", "--dry-run", *which)
    assert would.stdout.startswith("would remove what run")
    assert differences(before, snapshot(cluster))

    cleaned = svcproof("clean", *which)
    assert cleaned.returncode == 0, cleaned.stderr
    assert differences(before, snapshot(cluster)) == []


def test_a_run_that_is_alive_here_is_not_cleaned_away(
    cluster: Path, environment: dict[str, str], svcproof: Run, agent_image: str, tmp_path: Path
) -> None:
    run = begin(cluster, environment, tmp_path / "run", "--image", agent_image)
    try:
        assert svcproof("clean", "--kubeconfig", cluster).stdout == "nothing was left behind\n"
    finally:
        run.send_signal(signal.SIGINT)
        run.wait()


def test_the_published_rights_are_enough_in_restricted_namespaces_and_not_too_many(
    cluster: Path, svcproof: Run, agent_image: str, tmp_path: Path
) -> None:
    names = rbac.names(2)
    with closing(Kube(cluster)) as kube:
        given = list(yaml.safe_load_all(svcproof("rbac", "--namespaces", "2").stdout))
        for one in given:
            kube.apply(_restricted(one))
        token = _token(kube, names[0])
        before = snapshot(cluster)
        areas = [word for area in ("cluster_ip", "endpoints", "environment") for word in ("--area", area)]
        with overheard(kube.server) as (url, heard):
            account = _kubeconfig(tmp_path / "account", url, token)
            ended = svcproof(
                *(
                    "run",
                    "--kubeconfig",
                    account,
                    "--image",
                    agent_image,
                    "--profile",
                    "core",
                    "--results",
                    tmp_path / "run",
                ),
                *areas,
            )
        left = differences(before, snapshot(cluster))
        for one in given:
            kube.delete(
                f"{one['apiVersion']} {one['kind']}", one["metadata"]["name"], one["metadata"].get("namespace", "")
            )

    assert ended.returncode in (0, 3), ended.stdout  # nodes without zones block a check; nothing fails
    assert left == []
    asked = {_anywhere(found, names) for one in heard if (found := right(*one))}
    held = set(_rights(given, names))
    assert asked - held <= REFUSED
    assert held - asked <= ASKED_BY_OTHERS


def _restricted(one: dict[str, object]) -> dict[str, object]:
    metadata = dict(one["metadata"])
    if one["kind"] == "Namespace":
        metadata["labels"] = metadata["labels"] | RESTRICTED
    return one | {"metadata": metadata}


def _rights(objects: list[dict[str, object]], names: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    for one in objects:
        for rule in one.get("rules", ()):
            for resource in rule["resources"]:
                for verb in rule["verbs"]:
                    whole, _, sub = resource.partition("/")
                    group = "".join(f".{group}" for group in rule["apiGroups"] if group)
                    found = f"{whole}{group}" + (f"/{sub}" if sub else "")
                    yield _anywhere((one["metadata"].get("namespace", ""), verb, found), names)


def _anywhere(found: tuple[str, str, str], names: tuple[str, ...]) -> tuple[str, str, str]:
    """One word for any of the namespaces made beforehand; elsewhere a right of the ClusterRole is as good."""
    namespace, verb, resource = found
    return ("namespace" if namespace in names else namespace), verb, resource


def _token(kube: Kube, namespace: str) -> str:
    path = f"/api/v1/namespaces/{namespace}/serviceaccounts/svcproof/token"
    request = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {"expirationSeconds": 3600}}
    code, said = kube.post(path, json.dumps(request).encode(), {"Content-Type": "application/json"}, 15.0)
    assert code == 201, said
    return str(json.loads(said)["status"]["token"])


def _kubeconfig(path: Path, server: str, token: str) -> Path:
    whole = {
        "current-context": "it",
        "contexts": [{"name": "it", "context": {"cluster": "it", "user": "it"}}],
        "clusters": [{"name": "it", "cluster": {"server": server}}],
        "users": [{"name": "it", "user": {"token": token}}],
    }
    path.write_text(yaml.safe_dump(whole))
    return path
