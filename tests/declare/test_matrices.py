"""A matrix as it is declared: its combinations, and what is refused."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from svcproof import declare
from svcproof.cli.matrix import selection
from svcproof.declare import Selection
from svcproof.errors import UsageError
from svcproof.yaml_reading import DECLARATION, read_parts

Write = Callable[[str], str]
TWO = "clusters: [lab]\nproxies: [reference, kube-proxy-nftables@1.33.13]\n"


def of(path: str) -> declare.DeclaredMatrix:
    return declare.matrix(path, lambda spec, folder: Selection(None))


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(text: str) -> str:
        path = tmp_path / "matrix.yaml"
        path.write_text(text)
        return str(path)

    return written


@pytest.mark.parametrize("name", declare.names("matrices"))
def test_every_matrix_of_ours_is_sound(name: str) -> None:
    declared = declare.matrix(name, selection)

    assert declared.name == name
    assert not [combination.impossible for combination in declared.combinations if combination.impossible]


def test_each_proxy_meets_every_cluster_in_the_order_of_the_file(write: Write) -> None:
    declared = of(write("clusters: [lab, lab-single-node]\nproxies: [kube-proxy-nftables@1.33.13, reference]\n"))

    assert [combination.id for combination in declared.combinations] == [
        "kube-proxy-nftables@1.33.13,lab,ipv4,1",
        "kube-proxy-nftables@1.33.13,lab-single-node,ipv4,1",
        "reference,lab,ipv4,1",
        "reference,lab-single-node,ipv4,1",
    ]


def test_repeats_are_combinations_of_their_own(write: Write) -> None:
    declared = of(write("clusters: [lab]\nproxies: [reference]\nrepeats: 3\n"))

    assert [combination.number for combination in declared.combinations] == [1, 2, 3]


def test_an_id_stays_what_it_is_where_the_matrix_grows(write: Write) -> None:
    small = {combination.id for combination in of(write(TWO)).combinations}
    large = {
        combination.id for combination in of(write(TWO + "families: [[ipv4], [ipv4, ipv6]]\nrepeats: 2\n")).combinations
    }

    assert small < large


def test_families_that_a_cluster_cannot_have_are_a_reason_and_no_mistake(write: Write) -> None:
    ipv4, both = of(write("clusters: [lab]\nproxies: [reference]\nfamilies: [[ipv4], [ipv4, ipv6]]\n")).combinations

    assert ipv4.impossible == ""
    assert both.impossible == "the lab has no IPv6 yet: declare [ipv4] only"


def test_a_cluster_gets_the_families_it_is_not_declared_with(write: Write, tmp_path: Path) -> None:
    text = "clusters: [kind]\nproxies: [kube-proxy-nftables]\nfamilies: [[ipv4], [ipv6, ipv4], [ipv6]]\n"

    as_declared, both, ipv6 = of(write(text)).combinations

    assert as_declared.declaration == ""
    assert (both.cluster.families, ipv6.cluster.families) == (("ipv6", "ipv4"), ("ipv6",))
    derived = tmp_path / "kind-ipv6+ipv4.yaml"
    derived.write_text(both.declaration)
    assert declare.cluster(str(derived)) == both.cluster


def test_the_families_of_a_cluster_that_exists_are_its_own(write: Write) -> None:
    (as_it_is,) = of(write("clusters: [kubeconfig]\nproxies: [cluster-default]\n")).combinations
    (other,) = of(write("clusters: [kubeconfig]\nproxies: [cluster-default]\nfamilies: [[ipv6]]\n")).combinations

    assert (as_it_is.id, as_it_is.impossible) == ("cluster-default,kubeconfig,any,1", "")
    assert other.impossible == "a cluster that exists has the families it has: name one that has these"


def test_ranges_of_the_families_are_kept(write: Write) -> None:
    (both,) = of(
        write("clusters: [kind-dual]\nproxies: [kube-proxy-nftables]\nfamilies: [[ipv6, ipv4]]\n")
    ).combinations

    assert [str(range_) for range_ in both.cluster.pod_ranges] == ["fd00:10:244::/56", "10.244.0.0/16"]


def test_a_proxy_without_a_way_into_a_cluster_is_a_reason_and_no_mistake(write: Write) -> None:
    (cilium,) = of(write("clusters: [lab]\nproxies: [cilium]\n")).combinations

    assert cilium.impossible.startswith("the proxy cannot go into it: it has no install.program")


def test_files_are_beside_the_matrix(write: Write, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("install: {program: {command: [./mine]}}\n")

    (mine,) = of(write("clusters: [lab]\nproxies: [mine.yaml]\n")).combinations

    assert mine.proxy_word == str(tmp_path / "mine.yaml")
    assert mine.id == "mine,lab,ipv4,1"


def test_every_mistake_is_told_at_once_and_with_its_place(
    write: Write, problems: Callable[[Callable[[str], object], str], list[str]], tmp_path: Path
) -> None:
    (tmp_path / "bad.yaml").write_text("title: nothing\n")
    path = write(
        "clusters: [lab, labb]\n"
        "proxies: [reference, kube-prox-iptables, bad.yaml, reference]\n"
        "families: [[ipv4], [ipv4]]\n"
        "repeats: 0\n"
        "select: {area: [node_prt], expression: 'a or', kep: [1]}\n"
        "patience: [x]\n"
        "nodes: 3\n"
    )

    said = problems(lambda name: declare.matrix(name, selection), path)

    assert [line.split(": ")[0] + " " + line.split(": ")[1] for line in said] == [
        ":1:17 clusters.1",
        ":2:22 proxies.1",
        ":2:42 proxies.2",
        ":2:52 proxies.3",
        ":3:20 families.1",
        ":4:10 repeats",
        ":5:16 select.area",
        ":5:40 select.expression",
        ":5:53 select.kep",
        ":6:11 patience",
        ":7:1 nodes",
    ]
    assert "(did you mean lab?)" in said[0]
    assert "did you mean kube-proxy-iptables" in said[1]
    assert "bad.yaml:1:1: install: names no way to install" in said[2]
    assert "there is another proxy reference" in said[3]
    assert "(did you mean node_port?)" in said[6]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "is empty: a declaration maps keys to values"),
        ("clusters: [lab]\n", "proxies: is missing"),
        ("clusters: []\nproxies: [reference]\n", "clusters: needs at least 1 item, and has 0"),
        ("clusters: [lab]\nproxies: [3]\n", "proxies.0: "),
        ("clusters: lab\nproxies: [reference]\n", "clusters: "),
        (TWO + "families: [[]]\n", "families.0: needs at least 1 item, and has 0"),
        (TWO + "families: [[ipv4, ipv4]]\n", "families.0: names a family twice"),
        (TWO + "suites: [nowhere]\n", "there is no such file or folder"),
    ],
)
def test_a_mistake_is_refused(write: Write, text: str, what: str) -> None:
    with pytest.raises(UsageError, match=r"matrix\.yaml") as refused:
        declare.matrix(write(text), selection)

    assert what in str(refused.value)


@pytest.mark.parametrize("name", ["<script>", "Ωmega", "a b", "a,b", "x" * 150])
def test_a_name_that_is_none_for_a_directory_asks_for_another(write: Write, tmp_path: Path, name: str) -> None:
    (tmp_path / f"{name}.yaml").write_text("install: {program: {command: [mine]}}\n")
    plain = json.dumps(f"{name}.yaml")

    with pytest.raises(UsageError, match=r"is no name for a directory: say \{proxy: …, name: …\}"):
        of(write(f"clusters: [lab]\nproxies: [{plain}]\n"))

    (mine,) = of(write(f"clusters: [lab]\nproxies: [{{proxy: {plain}, name: mine}}]\n")).combinations
    assert mine.proxy_name == "mine"


def test_the_schema_takes_what_is_taken_and_refuses_what_is_refused() -> None:
    schema = Draft202012Validator(declare.schema("matrix"))
    ours = (declare.fixtures_dir() / "matrices/kube-proxy.yaml").read_text()

    assert schema.is_valid(read_parts(ours, DECLARATION)[0].value)
    assert not schema.is_valid({"clusters": ["lab"]})
    assert not schema.is_valid({"clusters": ["lab"], "proxies": ["reference"], "nodes": 3})
