import pytest
from click.testing import CliRunner

from svcproof.cli import main

METALLB = """
apiVersion: apps/v1
kind: {kind}
metadata: {{name: {name}, namespace: metallb-system}}
spec:
  template:
    spec:
      containers: [{{name: {name}, image: "example.org/metallb/{name}:v0.15.2"}}]
"""
DEFINITION = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {{name: {0}.metallb.io}}
spec: {{group: metallb.io, names: {{plural: {0}}}}}
"""
NAMESPACE = """
apiVersion: v1
kind: Namespace
metadata: {name: metallb-system}
"""
PROXY = """
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: mine, namespace: kube-system}
spec:
  template:
    spec:
      initContainers: [{name: prepare, image: "example.org/prepare:1"}]
      containers: [{name: mine, image: "example.org/mine:2"}]
"""


@pytest.fixture
def metallb(tmp_path):
    """The manifest of MetalLB that `images` writes."""
    return str(tmp_path / "metallb.yaml")


@pytest.fixture
def images(tmp_path, monkeypatch):
    for name in ("NODE_IMAGE", "IMAGE", "METALLB_MANIFEST"):
        monkeypatch.delenv(f"SVCPROOF_{name}", raising=False)
    parts = [METALLB.format(kind="Deployment", name="controller"), METALLB.format(kind="DaemonSet", name="speaker")]
    parts += [NAMESPACE, *map(DEFINITION.format, ("ipaddresspools", "l2advertisements"))]
    (tmp_path / "metallb.yaml").write_text("---".join(parts))
    (tmp_path / "objects.yaml").write_text(PROXY)
    (tmp_path / "mine.yaml").write_text("install: {manifests: [objects.yaml]}\n")

    def run(*options):
        return CliRunner().invoke(main, ["images", "--proxy", str(tmp_path / "mine.yaml"), *options])

    return run


def test_every_image_of_a_run_on_kind_is_a_line(images, metallb):
    told = images("--cluster", "kind", "--node-image", "node:1", "--image", "python:1", "--metallb-manifest", metallb)

    assert told.exit_code == 0, told.output
    assert told.stdout.splitlines() == [
        "node:1",
        "python:1",
        "example.org/metallb/controller:v0.15.2",
        "example.org/metallb/speaker:v0.15.2",
        "example.org/prepare:1",
        "example.org/mine:2",
    ]


def test_a_cluster_that_exists_needs_no_node_image_and_metallb_only_where_it_is_to_be_installed(images, metallb):
    without = images("--cluster", "kubeconfig", "--image", "python:1")
    told = images("--cluster", "kubeconfig", "--install-metallb", "--metallb-manifest", metallb)

    assert without.stdout.splitlines() == ["python:1", "example.org/prepare:1", "example.org/mine:2"]
    assert "example.org/metallb/controller:v0.15.2" in told.stdout


def test_the_agents_image_is_given_by_digest_unless_another_is_named(images):
    assert "@sha256:" in images("--cluster", "kubeconfig").stdout.splitlines()[0]


def test_what_cannot_be_named_is_told_apart(images, metallb):
    told = images("--cluster", "kind", "--metallb-manifest", metallb)

    assert "the nodes run the default image of your kind" in told.stderr


def test_images_that_are_known_are_printed_where_the_manifest_of_metallb_cannot_be_had(images, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "empty"))
    monkeypatch.setattr("svcproof.kubernetes.metallb.manifests.URL", "http://127.0.0.1:9/metallb-native.yaml")

    told = images("--cluster", "kind", "--image", "python:1")

    assert told.exit_code == 0
    assert told.stdout.splitlines() == ["python:1", "example.org/prepare:1", "example.org/mine:2"]
    assert "the images of MetalLB are not known: MetalLB v0.16.2 could not be obtained" in told.stderr
