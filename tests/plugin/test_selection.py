"""Which behaviours options select: refused before anything is made where they name what there is not."""

import pytest

from tests.plugin.conftest import RunSuite

CHECKS = '''
@behaviour(level=MUST, area="a", kep=504, **claim)
def test_ports(probe):
    """A thing holds."""
    probe()
    assert True

@behaviour(level=SHOULD, area="b", requires={Feature.SCTP}, **claim)
def test_ports_too(probe):
    """A thing holds."""
    probe()
    assert True

@behaviour(level=MUST, area="b", **claim)
def test_names(probe):
    """A thing holds."""
    probe()
    assert True
'''


def selection(lines: list[dict[str, object]]) -> list[str]:
    behaviours = next((line["behaviours"] for line in lines if line["kind"] == "selection"), [])
    return [behaviour["id"] for behaviour in behaviours]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        (["--svcproof-area=a"], ["ports"]),
        (["--svcproof-level=must", "--svcproof-area=b"], ["names"]),
        (["--svcproof-feature=sctp"], ["ports_too"]),
        (["--svcproof-kep=504", "--svcproof-by=proxy"], ["ports"]),
        (["--svcproof-expression=ports"], ["ports"]),
        (["--svcproof-expression=port"], ["ports", "ports_too"]),
        (["--svcproof-expression=ports or names"], ["ports", "names"]),
        (["--svcproof-expression=not ports"], ["ports_too", "names"]),
        (["--svcproof-expression=test_ports"], ["ports"]),
        (["--svcproof-expression=PORTS and not checks"], []),
        (["--svcproof-expression=checks and not (ports or names)"], ["ports_too"]),
        (["-k", "ports"], ["ports", "ports_too"]),
    ],
    ids=" ".join,
)
def test_options_select(run_suite: RunSuite, options: list[str], ids: list[str]) -> None:
    code, lines = run_suite(CHECKS, *options)

    assert (code, selection(lines)) == (0 if ids else 5, ids)


def test_the_run_file_says_what_was_selected_by(run_suite: RunSuite) -> None:
    _, lines = run_suite(CHECKS, "--svcproof-level=must", "--svcproof-area=b,a", "--svcproof-expression=not ports")

    assert lines[0]["criteria"] == {"area": ["a", "b"], "level": ["MUST"]}
    assert lines[0]["expression"] == "not ports"


def test_workers_select_alike_and_the_run_file_says_by_what(run_suite: RunSuite) -> None:
    code, lines = run_suite(CHECKS, "--svcproof-area=a,b", "--svcproof-kep=504", "-n", "2")

    assert (code, selection(lines)) == (0, ["ports"])
    assert lines[0]["criteria"] == {"area": ["a", "b"], "kep": ["504"]}


def test_every_mistake_is_told_before_anything_is_made(run_suite: RunSuite, capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = run_suite(
        CHECKS, "--svcproof-area=aa", "--svcproof-kep=505", "--svcproof-cluster=labb", "--svcproof-repeat=0"
    )

    told = capsys.readouterr().err
    assert (code, lines) == (4, [])
    assert "--svcproof-repeat 0: is no number from 1 to" in told
    assert "unknown area 'aa' (did you mean a?)" in told
    assert "unknown kep '505'; there are: 504" in told
    assert "unknown cluster 'labb' (did you mean lab?)" in told
