"""A proxy as it is declared: its claims, paths, manifests and version."""

from collections.abc import Callable
from pathlib import Path

import pytest

from svcproof import declare
from svcproof.declare import pair, proxy
from svcproof.errors import UsageError
from svcproof.model.options import Options
from svcproof.model.proxy_spec import PLACEHOLDERS, fill
from svcproof.model.vocabulary import CLAIMED_BY_DEFAULT, OPTIONAL, SWITCHES, Feature

Write = Callable[[str], str]
Problems = Callable[[Callable[[str], object], str], list[str]]
SOUND = 'install: {program: {command: [my-proxy, --kubeconfig, "{kubeconfig}"]}}\n'


@pytest.mark.parametrize("name", declare.names("proxies"))
def test_every_proxy_of_ours_is_sound(name: str) -> None:
    spec = proxy(name)

    assert spec.name == name
    assert spec.title
    assert spec.version == ""


def test_an_unknown_feature_and_an_unknown_deviation_are_told_together(write: Write) -> None:
    path = write(SOUND + "features: [sctpp]\ndeviations:\n  - {behaviour: frist, why: y, url: 'https://a/'}\n")

    with pytest.raises(UsageError) as refused:
        pair(Options(cluster="lab", proxy=path), behaviours=["first"])

    feature, deviation = refused.value.problems
    assert feature == f"{path}:2:12: features.0: 'sctpp' is unknown (did you mean sctp?)"
    assert deviation.startswith(
        f"{path}:4:17: deviations.0.behaviour: documents a deviation from 'frist', which is no beh"
    )
    assert deviation.endswith(" (did you mean first?)")


def test_all_features_but_some_are_the_others(write: Write) -> None:
    spec = proxy(write(SOUND + "features: {all-but: [session-affinity, sctp]}\n"))

    assert spec.claims.features == CLAIMED_BY_DEFAULT - {Feature.SESSION_AFFINITY, Feature.SCTP}


def test_what_is_optional_is_claimed_by_name_only(write: Write) -> None:
    by_name = OPTIONAL | SWITCHES

    assert not proxy(write(SOUND)).claims.features & by_name
    assert not proxy(write(SOUND + "features: {all-but: []}\n")).claims.features & by_name
    for feature in OPTIONAL:
        also = proxy(write(SOUND + f"features: {{also: [{feature}]}}\n"))
        assert also.claims.features == CLAIMED_BY_DEFAULT | {feature}
    switched = proxy(write(SOUND + "features: {all-but: [external-ips], also: [external-ips-off]}\n"))
    assert switched.claims.features == CLAIMED_BY_DEFAULT - {Feature.EXTERNAL_IPS} | {Feature.EXTERNAL_IPS_OFF}


@pytest.mark.parametrize("name", ["kube-proxy-iptables", "kube-proxy-nftables", "reference"])
def test_proxies_that_come_with_svcproof_claim_what_kube_proxy_promises(name: str) -> None:
    assert proxy(name).claims.features == CLAIMED_BY_DEFAULT | OPTIONAL


def test_a_way_that_is_missing_is_told_with_its_place(write: Write) -> None:
    path = write("title: x\ninstall: {clusterDefault: true}\n")

    with pytest.raises(UsageError, match=rf"^{path}:2:1: install: proxy {path} cannot go into cluster lab"):
        pair(Options(cluster="lab", proxy=path))


def test_paths_are_relative_to_the_declaration(write: Write, tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/there").touch()
    spec = proxy(
        write("install: {program: {command: [bin/mine, ./rules, a/b, lib/there, --net=10.0.0.0/8, '{python}']}}\n")
    )

    assert spec.install.program is not None
    assert spec.install.program.command == (
        f"{tmp_path}/bin/mine",
        f"{tmp_path}/rules",
        "a/b",
        f"{tmp_path}/lib/there",
        "--net=10.0.0.0/8",
        "{python}",
    )


def test_files_and_charts_are_found_beside_the_declaration(write: Write, tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}")
    (tmp_path / "chart").mkdir()
    (tmp_path / "chart/Chart.yaml").touch()
    (tmp_path / "run").touch(mode=0o755)

    assert proxy(write("install: {manifests: [one.yaml]}\n")).install.manifests == (f"{tmp_path}/one.yaml",)
    assert proxy(write("install: {script: run}\n")).install.script == f"{tmp_path}/run"
    for chart, found in (
        ("{chart: ./chart}", f"{tmp_path}/chart"),
        ("{chart: oci://a/b}", "oci://a/b"),
        ("{chart: b, repo: 'https://a'}", "b"),
    ):
        spec = proxy(write(f"install: {{helm: {chart}}}\n"))
        assert spec.install.helm is not None
        assert spec.install.helm.chart == found


def test_what_is_wrong_in_a_manifest_is_told_with_its_line(problems: Problems, write: Write, tmp_path: Path) -> None:
    manifest = tmp_path / "all.yaml"
    manifest.write_text(
        "---\n# nothing\n---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n---\n- 1\n"
        "---\nkind: List\nitems:\n- {apiVersion: v1, metadata: {generateName: b}}\n"
    )

    none = "is no Kubernetes object: a mapping with apiVersion, kind and metadata"
    assert problems(proxy, write("install: {manifests: [all.yaml]}\n")) == [
        f":1:23: install.manifests.0: {manifest}:6: {none}",
        f":1:23: install.manifests.0: {manifest}:10: has no kind and no metadata.name",
    ]


def test_an_object_that_two_manifests_hold_is_told(problems: Problems, write: Write, tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text("{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: n}}")

    assert problems(proxy, write("install: {manifests: [a.yaml, b.yaml]}\n")) == [
        ":1:31: install.manifests.1: v1 ConfigMap c n is in a.yaml already"
    ]


@pytest.mark.parametrize(("text", "said"), [("a: [", "2:1: is not valid YAML"), ("# x\n", " holds no Kubernetes obj")])
def test_a_manifest_that_is_none_is_refused(
    problems: Problems, write: Write, tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "a.yaml").write_text(text)

    (told,) = problems(proxy, write("install: {manifests: [a.yaml]}\n"))
    assert told.startswith(f":1:23: install.manifests.0: {tmp_path}/a.yaml:{said}")


def test_a_name_on_path_and_an_absolute_path_stay_as_they_are(write: Write) -> None:
    for first in ("my-proxy", "/opt/my-proxy"):
        spec = proxy(write(f"install: {{program: {{command: [{first}]}}}}\n"))

        assert spec.install.program is not None
        assert spec.install.program.command == (first,)


@pytest.mark.parametrize("version", ["1.33.13", "v1.33.13"])
def test_a_version_is_asked_for_with_the_name(version: str) -> None:
    spec = proxy(f"kube-proxy-nftables@{version}")

    assert (spec.name, spec.version) == ("kube-proxy-nftables", "1.33.13")


def test_a_proxy_that_starts_no_known_component_has_no_versions() -> None:
    with pytest.raises(UsageError, match=r"reference@1\.2\.3: no version can be chosen"):
        proxy("reference@1.2.3")


def test_an_unknown_name_is_told_with_near_ones() -> None:
    with pytest.raises(UsageError, match=r"unknown proxy 'kubeproxy-iptables' \(did you mean kube-proxy-iptables"):
        proxy("kubeproxy-iptables")


def test_mistakes_of_both_declarations_are_told_together(write: Write) -> None:
    with pytest.raises(UsageError) as refused:
        pair(Options(cluster="labb", proxy=write("install: 3\n")))

    assert len(refused.value.problems) == 2


def test_a_proxy_needs_a_way_into_that_kind_of_cluster(write: Write) -> None:
    with pytest.raises(UsageError, match=r"cannot go into cluster lab \(lab\): it has no install.program"):
        pair(Options(cluster="lab", proxy=write("install: {kubeProxy: {mode: iptables}}\n")))


def test_every_placeholder_is_filled_and_other_braces_stay() -> None:
    values = {name: name.upper() for name in PLACEHOLDERS}

    assert fill('--node={node} {"a": {"b": 1}} {node_ip}', values) == '--node=NODE {"a": {"b": 1}} NODE_IP'
