"""What is said on the command line goes before the environment, and that before the declaration."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from svcproof.declare import cluster, overlaid, pair
from svcproof.declare.overlay import misfits, with_environment
from svcproof.errors import UsageError
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.options import Options

NOBODYS: Mapping[str, str] = {}


@pytest.fixture
def kind() -> ClusterSpec:
    return cluster("kind")


def test_what_is_not_said_stays_as_declared(kind: ClusterSpec) -> None:
    assert overlaid(kind, Options()) == kind


def test_options_are_laid_over_the_declaration(kind: ClusterSpec, tmp_path: Path) -> None:
    manifest = tmp_path / "metallb.yaml"
    said = Options(keep=True, node_image="node:1", image="python:1", metallb_manifest=str(manifest))

    spec = overlaid(kind, said)

    assert (spec.keep, spec.kind.image, spec.agent.image) == (True, "node:1", "python:1")
    assert spec.metallb.manifest == str(manifest)
    assert spec.kind.load == kind.kind.load


def test_relative_paths_are_made_absolute_at_once(
    kind: ClusterSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert overlaid(kind, Options(metallb_manifest="m.yaml")).metallb.manifest == str(tmp_path / "m.yaml")


def test_the_environment_stands_in_for_what_the_command_line_does_not_say(kind: ClusterSpec) -> None:
    environment = {"SVCPROOF_NODE_IMAGE": "node:env", "SVCPROOF_IMAGE": "python:env"}

    found = with_environment(Options(image="python:said"), kind, environment)

    assert (found.node_image, found.image) == ("node:env", "python:said")


def test_the_environment_says_nothing_to_clusters_it_does_not_concern() -> None:
    environment = {"SVCPROOF_NODE_IMAGE": "node:env", "SVCPROOF_METALLB_MANIFEST": "/no/such/file"}

    spec, _ = pair(Options(cluster="lab"), environment)

    assert (spec.kind.image, spec.metallb.manifest) == ("", "")


def test_a_kubeconfig_or_a_context_means_a_cluster_that_exists(tmp_path: Path) -> None:
    (tmp_path / "config").touch()

    spec, proxy = pair(Options(kubeconfig=str(tmp_path / "config"), context="staging"), NOBODYS)

    assert (spec.name, proxy.name) == ("kubeconfig", "cluster-default")
    assert (spec.kubeconfig.path, spec.kubeconfig.context) == (str(tmp_path / "config"), "staging")
    assert Options(context="staging").chosen_cluster == "kubeconfig"


@pytest.mark.parametrize(("platform", "default"), [("linux", "lab"), ("darwin", "kind")])
def test_the_default_cluster_is_the_lab_where_it_can_run(
    monkeypatch: pytest.MonkeyPatch, platform: str, default: str
) -> None:
    monkeypatch.setattr("sys.platform", platform)

    assert Options().chosen_cluster == default


@pytest.mark.parametrize(("provider", "default"), [("lab", "reference"), ("kind", "cluster-default")])
def test_the_default_proxy_is_the_clusters(provider: str, default: str) -> None:
    assert Options().chosen_proxy(provider) == default


@pytest.mark.parametrize(
    ("name", "said", "told"),
    [
        ("lab", Options(node_image="node:1"), "--node-image is for clusters of kind: lab is one of lab"),
        ("lab", Options(context="c"), "--context is for clusters of kubeconfig: lab is one of lab"),
        ("kind", Options(faults=("proxy/x",)), "--fault is for clusters of lab: kind is one of kind"),
        ("kubeconfig", Options(keep=True), "--keep is for clusters of kind: kubeconfig is one of kubeconfig"),
        ("lab", Options(image="x"), "--image is for clusters of kind or kubeconfig: lab is one of lab"),
        ("kubeconfig", Options(kubeconfig="/no/such"), "--kubeconfig /no/such: there is no such file"),
    ],
)
def test_what_does_not_go_with_the_cluster_is_told(name: str, said: Options, told: str) -> None:
    assert list(misfits(cluster(name), said)) == [told]


def test_mistakes_are_all_told_at_once() -> None:
    with pytest.raises(UsageError) as refused:
        pair(Options(cluster="lab", keep=True, context="c", proxy="referenc"), NOBODYS)

    assert len(refused.value.problems) == 3


def test_what_was_said_can_be_said_again() -> None:
    said = Options(cluster="lab", keep=True, faults=("dns/a", "dns/b"), node_image="node:1")

    assert said.words == ("--cluster=lab", "--fault=dns/a", "--fault=dns/b", "--keep", "--node-image=node:1")


def test_whether_a_cluster_is_kept_is_no_key_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("provider: kind\nkeep: true\n")

    with pytest.raises(UsageError, match="keep: is not a key: the command line says it, as --keep"):
        cluster(str(tmp_path / "mine.yaml"))
