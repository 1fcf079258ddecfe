"""A proxy's declaration that extends another: what it shares, what is its own, and what is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest

from svcproof.declare import proxy
from svcproof.model.vocabulary import Feature

Write = Callable[[str], str]
Problems = Callable[[Callable[[str], object], str], list[str]]
BASE = """
title: Base
install:
  helm: {chart: ./chart, namespace: there, values: {mode: snat, nested: {a: 1, b: [1, 2]}}}
convergence: 4
evidence: {commands: [show it]}
features: {all-but: [sctp], also: [client-address]}
deviations:
  - {behaviour: first, why: so it is, url: 'https://a/1'}
  - {behaviour: second, why: so it is, url: 'https://a/2'}
"""


@pytest.fixture
def base(tmp_path: Path) -> str:
    """A folder's declaration, in base.yaml, with a chart beside it."""
    (tmp_path / "below/chart").mkdir(parents=True)
    (tmp_path / "below/chart/Chart.yaml").touch()
    path = tmp_path / "below/base.yaml"
    path.write_text(BASE)
    return str(path)


def test_what_it_does_not_say_is_as_in_the_other(base: str, write: Write) -> None:
    whole, variant = proxy(base), proxy(write("extends: ./below/base.yaml\ntitle: Mine\n"))

    same = {"name": variant.name, "title": "Mine", "extends": "./below/base.yaml"}
    assert variant == whole.model_copy(update=same)


def test_mappings_are_joined_and_lists_replaced(base: str, write: Write) -> None:
    variant = proxy(
        write("extends: below/base.yaml\ninstall: {helm: {values: {mode: dsr, nested: {b: [3]}, further: true}}}\n")
    )

    helm = variant.install.helm
    assert helm is not None
    assert helm.values == {"mode": "dsr", "nested": {"a": 1, "b": [3]}, "further": True}
    assert helm.namespace == "there"
    assert helm.chart == str(Path(base).parent / "chart")


def test_deviations_are_taken_over_but_for_some_and_with_others(base: str, write: Write) -> None:
    variant = proxy(
        write(
            "extends: below/base.yaml\n"
            "deviations: {all-but: [first], also: [{behaviour: third, why: mine, url: 'https://a/3'}]}\n"
        )
    )

    assert variant.claims.deviations == {"second": "so it is (https://a/2)", "third": "mine (https://a/3)"}
    assert proxy(write("extends: below/base.yaml\ndeviations: []\n")).deviations == ()


def test_features_are_relative_to_those_of_the_other(base: str, write: Write) -> None:
    variant = proxy(write("extends: below/base.yaml\nfeatures: {all-but: [external-ips], also: [sctp]}\n"))

    assert variant.claims.features == proxy(base).claims.features - {Feature.EXTERNAL_IPS} | {Feature.SCTP}
    assert variant.named == (Feature.SCTP, Feature.CLIENT_ADDRESS)
    assert proxy(write("extends: below/base.yaml\nfeatures: [sctp]\n")).claims.features == {Feature.SCTP}


@pytest.mark.usefixtures("base")
def test_every_mistake_is_told_with_its_place(problems: Problems, write: Write) -> None:
    path = write(
        "extends: below/base.yaml\n"
        "deviations:\n"
        "  all-but: [frist]\n"
        "convergence: 0\n"
        "features: {also: [sctpp]}\n"
        "install: {helm: {charts: x}}\n"
    )

    unknown = "'frist' is no behaviour that 'below/base.yaml' deviates from (did you mean first?)"
    assert problems(proxy, path) == [
        f":3:13: deviations.all-but.0: {unknown}",
        ":4:14: convergence: input should be greater than or equal to 0.1 (got 0)",
        ":5:19: features.also.0: 'sctpp' is unknown (did you mean sctp?)",
        ":6:18: install.helm.charts: unknown key (did you mean chart?)",
    ]


@pytest.mark.usefixtures("base")
def test_a_mistake_in_a_further_deviation_has_its_place(problems: Problems, write: Write) -> None:
    path = write("extends: below/base.yaml\ndeviations:\n  also:\n    - {behaviour: third, why: mine, url: nowhere}\n")

    (problem,) = problems(proxy, path)

    assert problem.startswith(":4:42: deviations.0.url: 'nowhere' ")


@pytest.mark.usefixtures("base")
def test_a_deviation_of_the_other_is_not_documented_again(problems: Problems, write: Write) -> None:
    path = write("extends: below/base.yaml\ndeviations: {also: [{behaviour: second, why: mine, url: 'https://a/3'}]}\n")

    (problem,) = problems(proxy, path)

    assert problem.endswith("second is documented twice")


@pytest.mark.usefixtures("base")
@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("{}", "deviations.all-but: should be a list of the behaviours"),
        ("{all-but: first}", "deviations.all-but: should be a list of the behaviours"),
        ("{but: [first]}", "deviations.but: unknown key"),
    ],
)
def test_relative_deviations_have_two_keys(problems: Problems, write: Write, words: str, problem: str) -> None:
    path = write(f"extends: below/base.yaml\ndeviations: {words}\n")

    assert any(problem in line for line in problems(proxy, path))


def test_without_another_nothing_is_relative(problems: Problems, write: Write) -> None:
    path = write("install: {clusterDefault: true}\ndeviations: {all-but: []}\n")

    assert problems(proxy, path) == [
        ":2:13: deviations: should be a list: all-but and also are for one that extends another"
    ]


def test_another_must_be_there(problems: Problems, write: Write) -> None:
    (unknown,) = problems(proxy, write("extends: ciliun\ntitle: x\n"))
    (absent,) = problems(proxy, write("extends: ./absent.yaml\ntitle: x\n"))
    (number,) = problems(proxy, write("extends: 3\ninstall: {clusterDefault: true}\n"))

    assert unknown.startswith(":1:10: extends: unknown proxy 'ciliun' (did you mean cilium or ")
    assert absent.startswith(":1:10: extends: ")
    assert number == ":1:10: extends: input should be a valid string (got 3)"


@pytest.mark.usefixtures("base")
def test_one_that_extends_another_is_not_extended(problems: Problems, write: Write, tmp_path: Path) -> None:
    (tmp_path / "variant.yaml").write_text("extends: below/base.yaml\n")
    (tmp_path / "itself.yaml").write_text("extends: itself.yaml\n")

    (problem,) = problems(proxy, write("extends: variant.yaml\n"))
    (circle,) = problems(proxy, str(tmp_path / "itself.yaml"))

    assert problem == ":1:10: extends: 'variant.yaml' extends another itself, 'below/base.yaml': extend that one"
    assert "extends another itself" in circle


def test_what_is_wrong_in_the_other_is_told_of_the_other(base: str, problems: Problems, write: Write) -> None:
    Path(base).write_text(BASE + "unknown: 1\n")

    (problem,) = problems(proxy, write("extends: below/base.yaml\n"))

    assert problem.startswith(f"{base}:")
    assert "unknown: unknown key" in problem
