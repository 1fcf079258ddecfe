"""What is refused of a proxy, and what becomes of its paths and version."""

from collections.abc import Callable
from pathlib import Path

import pytest

from harness import declare
from harness.declare import pair, proxy
from harness.errors import UsageError
from harness.model.options import Options
from harness.model.proxy_spec import PLACEHOLDERS, fill
from harness.model.vocabulary import CLAIMED_BY_DEFAULT, OPTIONAL, SWITCHES, Feature

Write = Callable[[str], str]
Problems = Callable[[Callable[[str], object], str], list[str]]
SOUND = 'install: {program: {command: [my-proxy, --kubeconfig, "{kubeconfig}"]}}\n'


@pytest.mark.parametrize("name", declare.names("proxies"))
def test_every_proxy_of_ours_is_sound(name: str) -> None:
    spec = proxy(name)

    assert spec.name == name
    assert spec.title
    assert spec.version == ""


def test_every_mistake_is_told_with_its_place_and_near_names(problems: Problems, write: Write) -> None:
    text = """\
title: 3
install:
  program: {command: [x, "{nod}", "{kubconfig}", '{"a": 1}'], environment: {A: "{nodes}"}}
  kubeProxy: {mode: iptable}
  script: a.sh
ready: {htp: x}
features: [node-prt]
deviations: [{behaviour: x}]
convergence: .inf
"""
    path = write(text)
    assert problems(proxy, path) == [
        ":1:8: title: input should be a valid string (got 3)",
        ":3:26: install.program.command.1: {nod} is not a placeholder (did you mean node or node_ip?)",
        ":3:35: install.program.command.2: {kubconfig} is not a placeholder (did you mean kubeconfig?)",
        ":3:80: install.program.environment.A: {nodes} is not a placeholder (did you mean node or node_ip?)",
        ":4:21: install.kubeProxy.mode: 'iptable' is unknown (did you mean iptables or nftables?)",
        f":5:11: install.script: there is no file {Path(path).parent}/a.sh",
        ":6:9: ready.htp: unknown key (did you mean http?)",
        ":7:12: features.0: 'node-prt' is unknown (did you mean node-port or health-check-node-port?)",
        ":8:14: deviations.0.why: is missing",
        ":8:14: deviations.0.url: is missing",
        ":9:14: convergence: .inf is not a finite number",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: x\n", "install: names no way to install"),
        ("install: {kubeProxy: {mode: ipvs}, script: a}\n", "install: names more than one way for clusters other than"),
        ("install: {clusterDefault: true, script: a}\n", "install: names more than one way for clusters other than"),
        ("install: {clusterDefault: false}\n", "install.clusterDefault: "),
        ("install: {script: mine.yaml}\n", "install.script: "),
        ("install: {manifests: [a.yaml, b.yaml]}\n", "install.manifests.1: "),
        ("install: {helm: {chart: cilium}}\n", "install.helm.chart: cilium needs helm.repo, or is a path: ./cilium"),
        ("install: {helm: {chart: ./there}}\n", "install.helm.chart: "),
        ("install: {helm: {chart: a, repo: 'https://a', namespace: A}}\n", "install.helm.namespace: "),
        ("install: {program: {command: []}}\n", "install.program.command: tuple should have at least 1 item"),
        (SOUND + "ready: {http: 127.0.0.1/healthz}\n", "ready.http: '127.0.0.1/healthz' is not a URL"),
        (SOUND + "ready: {http: 'http://127.0.0.1:port/'}\n", "ready.http: 'http://127.0.0.1:port/' is not a URL"),
        (SOUND + "ready: {within: 0}\n", "ready.within: input should be greater than or equal to 0.1 (got 0)"),
        (SOUND + "version: 1.2.3\n", "version: is not a key"),
        (
            SOUND
            + "deviations: [{behaviour: x, why: y, url: 'https://a/'}, {behaviour: x, why: y, url: 'https://a/'}]",
            "deviations.1.behaviour: x is documented twice",
        ),
    ],
)
def test_what_cannot_be_is_refused(problems: Problems, write: Write, text: str, said: str) -> None:
    found = [line.split(": ", 1)[1] for line in problems(proxy, write(text))]

    assert [line for line in found if line.startswith(said)], found


LONG = "x" * 2000
DEVIATION = "behaviour: x, why: y, url: 'https://a/'"


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "install: {program: {command: ['']}}\n",
            "install.program.command.0: '' is empty or blank: leave the word out",
        ),
        ("install: {program: {command: [x, ' ']}}\n", "install.program.command.1: ' ' is empty or blank"),
        ('install: {program: {command: ["a\\0"]}}\n', r"install.program.command.0: 'a\x00' holds the character U+0000"),
        (f"install: {{program: {{command: [x, {'y' * 70_000}]}}}}\n", "install.program.command.1: 'yyyyyyyyyyyyyyyy"),
        (
            "install: {program: {command: [x, '{node-ip}']}}\n",
            "install.program.command.1: {node-ip} is not a placeholder",
        ),
        (
            "install: {program: {command: [x], environment: {'': y}}}\n",
            "install.program.environment.: '' is no name of a",
        ),
        (
            "install: {program: {command: [x], environment: {'A=B': y}}}\n",
            "install.program.environment.A=B: 'A=B' is no n",
        ),
        (
            "install: {program: {command: [x], environment: {'A B': y}}}\n",
            "install.program.environment.A B: 'A B' is no n",
        ),
        ("install: {program: {command: [x], faultOption: ' '}}\n", "install.program.faultOption: string should match"),
        ("install: {helm: {chart: -a, repo: 'https://a'}}\n", "install.helm.chart: '-a' is no single word, or begins"),
        ("install: {helm: {chart: a, repo: 'a b'}}\n", "install.helm.repo: 'a b' is no URL"),
        (
            "install: {helm: {chart: a, repo: 'https://me:secret@a'}}\n",
            "install.helm.repo: 'https://me:secret@a' holds a u",
        ),
        (
            "install: {helm: {chart: a, repo: 'https://a', version: '-1'}}\n",
            "install.helm.version: '-1' is no single word",
        ),
        (
            "install: {helm: {chart: a, repo: 'https://a', namespace: " + "n" * 64 + "}}\n",
            "install.helm.namespace: string",
        ),
        (
            "install: {helm: {chart: a, repo: 'https://a', values: {a: .nan}}}\n",
            "install.helm.values.a: .nan is not a fini",
        ),
        (
            SOUND + "ready: {http: 'http://a b/'}\n",
            "ready.http: 'http://a b/' is not a URL such as http://127.0.0.1:10256",
        ),
        (SOUND + 'ready: {http: "http://a/\\r\\n"}\n', "ready.http: 'http://a/\\r\\n' "),
        (SOUND + "ready: {http: 'https://a/'}\n", "ready.http: 'https://a/' is not a URL"),
        (SOUND + "ready: {http: 'http://a:0/'}\n", "ready.http: 'http://a:0/' is not a URL"),
        (SOUND + "ready: {http: 'http://a:70000/'}\n", "ready.http: 'http://a:70000/' is not a URL"),
        (SOUND + f"ready: {{http: 'http://{'a' * 64}/'}}\n", "ready.http: 'http://aaaaaaaa"),
        (
            SOUND + "ready: {http: 'http://a:b@c/'}\n",
            "ready.http: 'http://a:b@c/' is not a URL such as http://127.0.0.1",
        ),
        (SOUND + "ready: {within: 1.0e+9}\n", "ready.within: input should be less than or equal to 3600"),
        (SOUND + "convergence: -1\n", "convergence: input should be greater than or equal to 0.1 (got -1)"),
        (SOUND + "convergence: 86400\n", "convergence: input should be less than or equal to 3600 (got 86400)"),
        (SOUND + f"title: {LONG}\n", "title: 'xxxxxxxxxxxxxxxxxxxxx"),
        (SOUND + "homepage: ftp://a/\n", "homepage: 'ftp://a/' is no URL such as http://example.org/"),
        (
            SOUND + "deviations: ['external_ip_*']\n",
            "deviations.0: a deviation is a mapping of behaviour, why and url, and",
        ),
        (
            SOUND + f"deviations: [{{{DEVIATION.replace('x', 'a_*', 1)}}}]\n",
            "deviations.0.behaviour: 'a_*' is a pattern: name",
        ),
        (SOUND + "deviations: [{behaviour: x, why: ' ', url: 'https://a/'}]\n", "deviations.0.why: ' ' is empty"),
        (SOUND + "features: {all-but: sctp}\n", "features.all-but: should be a list of the features"),
        (SOUND + "features: {all-but: [stcp]}\n", "features.all-but.0: 'stcp' is unknown (did you mean sctp?)"),
        (SOUND + "features: {all-but: [[]]}\n", "features.all-but.0: [] is unknown"),
        (SOUND + "features: {allbut: [sctp]}\n", "features.allbut: unknown key (did you mean all-but?)"),
        (SOUND + "features: {also: sctp}\n", "features.also: should be a list of features that a proxy claims by name"),
        (SOUND + "features: {also: [stcp]}\n", "features.also.0: 'stcp' is unknown (did you mean sctp?)"),
        (SOUND + "features: {all-but: [sctp], also: [sctp]}\n", "features.also.0: 'sctp' is in all-but too"),
        (
            SOUND + "features: {also: [external-ips-off]}\n",
            "features: claims external-ips and external-ips-off, of which one proxy has only one",
        ),
        (
            SOUND + "features: [external-ips-off, external-ips]\n",
            "features: claims external-ips and external-ips-off, of which one proxy has only one",
        ),
        (SOUND + "features: {}\n", "features.all-but: should be a list of the features"),
    ],
    ids=lambda value: value[-50:],
)
def test_what_would_break_later_is_refused(problems: Problems, write: Write, text: str, said: str) -> None:
    found = [line.split(": ", 1)[1] for line in problems(proxy, write(text))]

    assert [line for line in found if line.startswith(said)], found


def test_an_unknown_feature_and_an_unknown_deviation_are_told_together(write: Write) -> None:
    path = write(SOUND + f"features: [sctpp]\ndeviations:\n  - {{{DEVIATION.replace('x', 'frist', 1)}}}\n")

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
