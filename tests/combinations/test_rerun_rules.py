"""All is run again when the suite has changed, one when its proxy has, none when nothing has; and it is said why."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from svcproof.combinations.ingredients import Ingredients, ingredients
from svcproof.combinations.plan import Planned, State, plan
from svcproof.combinations.record import Kept, Record
from svcproof.declare import DeclaredMatrix
from svcproof.errors import UsageError

Declared = Callable[..., DeclaredMatrix]
REFERENCE, MINE = "reference,lab,ipv4,1", "mine,lab,ipv4,1"


def made_of(declared: DeclaredMatrix, suites: tuple[str, ...] = ()) -> dict[str, Ingredients]:
    return ingredients(declared.combinations, declared.spec, suites)


def done(made: dict[str, Ingredients]) -> dict[str, Kept]:
    return {
        name: Kept(record=Record(id=name, ingredients=parts, code=0, seconds=1.0, digest="0"))
        for name, parts in made.items()
    }


def due(planned: tuple[Planned, ...]) -> dict[str, str]:
    return {one.combination.id: one.why for one in planned if one.state is State.DUE}


def test_nothing_is_run_again_where_nothing_has_changed(declared: Declared) -> None:
    before, now = made_of(declared()), made_of(declared())

    planned = plan(declared().combinations, now, done(before))

    assert [(one.state, one.why) for one in planned] == [(State.DONE, "nothing that it is made of has changed")] * 2


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("mine.yaml", "title: Mine\ninstall: {program: {command: [./mine]}}\n"),
        ("mine.yaml", "install: {program: {command: [./mine, --fast]}}\n"),
        ("mine", "second build"),
    ],
)
def test_a_proxy_that_has_changed_is_run_again_alone(declared: Declared, tmp_path: Path, file: str, text: str) -> None:
    before = made_of(declared())
    (tmp_path / file).write_text(text)
    matrix = declared()

    planned = plan(matrix.combinations, made_of(matrix), done(before))

    assert due(planned) == {MINE: "its proxy has changed: the declaration, the version, or a file that it names"}


def test_another_version_of_a_component_is_another_proxy(declared: Declared) -> None:
    text = "clusters: [lab]\nproxies: [reference, {{proxy: kube-proxy-nftables@{}, name: nft}}]\n"
    before = made_of(declared(text.format("1.33.12")))
    matrix = declared(text.format("1.33.13"))

    assert list(due(plan(matrix.combinations, made_of(matrix), done(before)))) == ["nft,lab,ipv4,1"]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ("select: {area: [node_port]}\n", "the selection, or another option of the matrix, has changed"),
        ("repeat: 2\n", "the selection, or another option of the matrix, has changed"),
        ("patience: ['2']\n", "the selection, or another option of the matrix, has changed"),
        ("workers: 2\n", ""),
        ("title: Ours\n", ""),
    ],
)
def test_an_option_that_decides_what_is_shown_has_all_run_again(declared: Declared, more: str, why: str) -> None:
    before = made_of(declared())
    matrix = declared("clusters: [lab]\nproxies: [reference, mine.yaml]\n" + more)

    assert due(plan(matrix.combinations, made_of(matrix), done(before))) == ({REFERENCE: why, MINE: why} if why else {})


def test_a_suite_that_has_changed_has_all_run_again(declared: Declared, tmp_path: Path) -> None:
    suite = tmp_path / "suite"
    suite.mkdir()
    (suite / "test_own.py").write_text("first = 1\n")
    before = made_of(declared(), (str(suite),))
    (suite / "test_own.py").write_text("first = 2\n")

    planned = plan(declared().combinations, made_of(declared(), (str(suite),)), done(before))

    assert due(planned) == {REFERENCE: "the suite has changed", MINE: "the suite has changed"}


def test_another_version_of_svcproof_has_all_run_again(declared: Declared) -> None:
    now = made_of(declared())
    before = {name: replace(parts, svcproof="0.0.1") for name, parts in now.items()}

    assert set(due(plan(declared().combinations, now, done(before))).values()) == {"svcproof is of another version"}


def test_a_cluster_that_has_changed_has_its_own_run_again(declared: Declared, tmp_path: Path) -> None:
    cluster = tmp_path / "one.yaml"
    node = "provider: lab\nnodes: [{name: node-a}]\npodRanges: [10.244.0.0/16]\nserviceRanges: [10.96.0.0/16]\n"
    cluster.write_text(node + "nodeRanges: [172.30.0.0/24]\n")
    text = "clusters: [lab, one.yaml]\nproxies: [reference]\n"
    before = made_of(declared(text))
    cluster.write_text(node + "nodeRanges: [172.31.0.0/24]\n")

    planned = plan(declared(text).combinations, made_of(declared(text)), done(before))

    assert due(planned) == {"reference,one,ipv4,1": "its cluster's declaration has changed"}


@pytest.mark.parametrize(
    ("kept", "why"),
    [
        (Kept(), "it was not run yet"),
        (Kept(damage="its run was cut"), "its run was cut"),
    ],
)
def test_what_is_not_whole_is_run_again(declared: Declared, kept: Kept, why: str) -> None:
    now = made_of(declared())

    assert due(plan(declared().combinations, now, {**done(now), MINE: kept})) == {MINE: why}


def test_what_could_not_be_had_is_tried_again(declared: Declared) -> None:
    now = made_of(declared())
    unknown = Kept(record=Record(id=MINE, ingredients=now[MINE], code=3, seconds=1.0, reason="no such version"))

    assert due(plan(declared().combinations, now, {**done(now), MINE: unknown})) == {
        MINE: "it could not be had the last time"
    }


@pytest.mark.parametrize("pattern", ["mine", "mine,*", "m*", MINE, "*,lab,ipv4,1"])
def test_only_what_a_pattern_names_is_run(declared: Declared, pattern: str) -> None:
    now = made_of(declared())
    nothing = dict.fromkeys(now, Kept())

    planned = plan(declared().combinations, now, nothing, only=[pattern])

    assert MINE in due(planned)
    assert (REFERENCE in due(planned)) == pattern.startswith("*")


def test_again_runs_what_nothing_else_asks_for(declared: Declared) -> None:
    now = made_of(declared())

    assert due(plan(declared().combinations, now, done(now), again=["mine"])) == {MINE: "--again asks for it"}


def test_patterns_that_name_nothing_are_told_together(declared: Declared) -> None:
    now = made_of(declared())

    with pytest.raises(UsageError) as wrong:
        plan(declared().combinations, now, done(now), only=["mine,labb,ipv4,1"], again=["theirs"])

    only, again = wrong.value.problems
    assert only.startswith("--only 'mine,labb,ipv4,1': no combination of the matrix is called so (did you mean mine,")
    assert again.startswith("--again 'theirs': no combination")


def test_what_cannot_be_had_is_not_tried(declared: Declared) -> None:
    matrix = declared("clusters: [lab]\nproxies: [cilium]\n")
    (planned,) = plan(matrix.combinations, made_of(matrix), {"cilium,lab,ipv4,1": Kept()})

    assert planned.state is State.IMPOSSIBLE
    assert planned.why.startswith("the proxy cannot go into it")
