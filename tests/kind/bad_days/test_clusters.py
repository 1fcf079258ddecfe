"""Clusters that cannot be made: what is told, and what to do."""

from pathlib import Path

import pytest

from svcproof import declare
from svcproof.kubernetes.kind import configuration
from tests.kind.bad_days.conftest import CLUSTER, NODES, SOUND_DOCKER, SOUND_KIND, Said, Stand, told

pytestmark = pytest.mark.programs


@pytest.mark.parametrize(
    ("kind", "image", "words"),
    [
        ("v0.27.0", "kindest/node:v1.36.1", "is kind v0.27.0, too old for Kubernetes v1.36.1"),
        ("v0.33.0", "kindest/node:v1.21.14", "is kind v0.33.0, too new for Kubernetes v1.21.14"),
    ],
)
def test_a_kind_that_does_not_suit_the_node_image(run: Said, stand: Stand, kind: str, image: str, words: str) -> None:
    stand("kind", SOUND_KIND, version=f"echo kind {kind} go1.26 linux/amd64")
    stand("docker", SOUND_DOCKER, images=f"echo {image} another/node:v1.34.0")
    told(run(CLUSTER, "--node-image", image), words, ": --node-image another/node:v1.34.0")


def test_an_image_that_is_none_of_nodes(run: Said, stand: Stand) -> None:
    stand("docker", SOUND_DOCKER | {"run --rm --network none --entrypoint cat": "echo no such file >&2; exit 1"})
    stand("kind", SOUND_KIND)

    told(run(CLUSTER, "--node-image", "debian:13"), "debian:13 is no node image", f"--node-image {NODES}")


def test_a_cluster_of_the_name_that_is_not_ours(run: Said, stand: Stand) -> None:
    nodes = "ps --all --format {{.Names}} --filter label=io.x-k8s.kind.cluster=svcproof-mine"
    stand("docker", SOUND_DOCKER | {nodes: "echo svcproof-mine-control-plane", "cp": "echo nothing of ours"})
    stand("kind", SOUND_KIND | {"get clusters": "echo svcproof-mine"})

    told(
        run(),
        "there is a kind cluster svcproof-mine that svcproof has not made",
        "kind delete cluster --name svcproof-mine",
    )


@pytest.mark.parametrize("name", ["My_Cluster", "a" * 33])
def test_a_name_that_no_cluster_can_have(run: Said, stand: Stand, name: str) -> None:
    stand("docker", SOUND_DOCKER)
    stand("kind", SOUND_KIND)

    told(run(name=name), f"called after {name}.yaml: rename the file", code=4)


def test_an_image_for_pods_that_cannot_be_had(run: Said, stand: Stand) -> None:
    stand("docker", SOUND_DOCKER | {"image inspect": "exit 1", "pull": "echo no such host >&2; exit 1"})
    stand("kind", SOUND_KIND)

    told(run(), "docker pull python:3 failed: no such host", "--image")


def test_an_image_for_pods_without_python(run: Said, stand: Stand) -> None:
    stand("docker", SOUND_DOCKER | {"run --rm --network none --entrypoint python3": "echo no python3 >&2; exit 127"})
    stand("kind", SOUND_KIND)

    told(run(), "python:3 cannot be the image", "no python3", "Name another with --image")


def test_an_image_to_be_loaded_that_is_not_here(run: Said, stand: Stand) -> None:
    stand("docker", SOUND_DOCKER | {"image inspect --format {{.Id}} mine:1": "exit 1"})
    stand("kind", SOUND_KIND)

    told(run(CLUSTER + 'kind: {load: ["mine:1", "python:3"]}'), "docker has no image mine:1, which kind.load")


def test_a_pool_outside_the_network_there_is(run: Said, stand: Stand) -> None:
    network = """echo '[{"IPAM": {"Config": [{"Subnet": "172.18.0.0/16"}]}}]'"""
    stand("docker", SOUND_DOCKER | {"network inspect kind": network})
    stand("kind", SOUND_KIND)

    pool = "loadBalancerPool: [{first: 172.19.0.1, last: 172.19.0.9}]\n"
    told(run(CLUSTER + pool), "172.19.0.1 to 172.19.0.9 is outside the network of the nodes", code=4)


def test_a_kept_cluster_whose_nodes_do_not_run(run: Said, stand: Stand, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(CLUSTER)
    digest = configuration.digest(declare.cluster(str(tmp_path / "mine.yaml")))
    nodes = "ps --all --format {{.Names}} --filter label=io.x-k8s.kind.cluster=svcproof-mine"
    labelled = {nodes: "echo svcproof-mine-control-plane", "cp": f"echo svcproof.dev/declaration={digest}"}
    stand("docker", SOUND_DOCKER | labelled | {"inspect": "echo exited"})
    stand("kind", SOUND_KIND | {"get clusters": "echo svcproof-mine"})

    told(run(), "docker start svcproof-mine-control-plane; or remove it with: svcproof kind down mine")


@pytest.mark.parametrize(
    ("says", "words"),
    [
        ("failed to pull image kindest/node:v1.36.9", f"take one that is here: --node-image {NODES}"),
        ("Bind for 0.0.0.0:80 failed: port is already allocated", "choose another in kind.config"),
        ("mkdir /var/lib/docker/x: no space left on device", "the disk is full"),
        ("node(s) already exist for a cluster with the name", "svcproof kind list"),
    ],
)
def test_what_kind_says_when_it_fails_is_told_with_the_remedy(run: Said, stand: Stand, says: str, words: str) -> None:
    stand("docker", SOUND_DOCKER)
    stand("kind", SOUND_KIND | {"create": f"echo 'ERROR: {says}'; exit 1"})

    told(run(), says, words)


def test_the_stack_of_kubeadm_does_not_hide_its_error(run: Said, stand: Stand) -> None:
    stack = "\n".join(f"main.step{one}\n\tk8s.io/kubernetes/main.go:{one}" for one in range(20))
    said = f"error: the kubelet is not healthy\n{stack}\nruntime.goexit\n\truntime/asm_amd64.s:1771"
    stand("docker", SOUND_DOCKER)
    stand("kind", SOUND_KIND | {"create": f"echo '{said}'; exit 1"})

    told(run(), "error: the kubelet is not healthy")


def test_what_nodes_were_short_of_is_read_from_their_logs(run: Said, stand: Stand) -> None:
    stand("docker", SOUND_DOCKER | {"ps": "[ -e gone ] || echo svcproof-mine-control-plane", "rm": "echo > gone"})
    line = "kubelet: Failed to start cAdvisor: inotify_init: too many open files"
    export = f'for place; do true; done; mkdir -p "$place/node"; echo "{line}" > "$place/node/kubelet.log"'
    stand("kind", SOUND_KIND | {"create": "echo timed out; exit 1", "export": export})

    told(run(), "timed out", f"They say: {line}", "sysctl fs.inotify.max_user_instances")


NOT_BOOTED = (
    "ERROR: failed to create cluster: could not find a log line that matches Reached target .*Multi-User System"
)


def test_a_node_that_boots_too_slowly_is_named_as_slowness_and_tried_once_more(
    run: Said, stand: Stand, tmp_path: Path
) -> None:
    stand("docker", SOUND_DOCKER)
    tries = tmp_path / "tries"
    stand("kind", SOUND_KIND | {"create": f"echo once >> {tries}; echo '{NOT_BOOTED}'; exit 1"})

    told(run(), "trying once more", "had not booted within the 30 s that kind allows: this machine is too slow")
    assert tries.read_text().splitlines() == ["once", "once"]


def test_a_node_that_does_not_boot_for_want_of_inotify_is_not_tried_again(
    run: Said, stand: Stand, tmp_path: Path
) -> None:
    tries, line = tmp_path / "tries", "Failed to create control group inotify object: Too many open files"
    there = "[ -e gone ] || echo svcproof-mine-control-plane"
    stand("docker", SOUND_DOCKER | {"ps": there, "rm": "echo > gone", "logs": f"echo '{line}'"})
    export = f'for place; do true; done; mkdir -p "$place/node"; echo "{line}" > "$place/node/serial.log"'
    stand("kind", SOUND_KIND | {"create": f"echo once >> {tries}; echo '{NOT_BOOTED}'; exit 1", "export": export})

    told(run(), f"They say: {line}", "sysctl fs.inotify.max_user_instances")
    assert tries.read_text().splitlines() == ["once"]
