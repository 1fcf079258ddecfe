"""Checks that suffer while the machine is starved, on a machine whose figures are made up."""

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.plugin.test_shared_cluster import Stage, check

pytestmark = [pytest.mark.programs, pytest.mark.timeout(90)]

SAMPLER = """

class Witness:
    secrets = ()
    def logs(self, since): return ()

Cluster.nodes, Cluster.outside, Cluster.kubeconfig, Cluster.witness = (), (), HERE / "nowhere", Witness()

class Sampler:
    late, proxy = 0.0, None
    def read(self): self.late = 0.0
    def since(self, before, proxy=None):
        from svcproof.model.machine import Machine
        return Machine(cpus=2, seconds=3, late=self.late, pressure=0.87, used=1.9, proxy=self.proxy)
    def close(self): pass

def pytest_configure(config):
    from svcproof.plugin.sampling import SAMPLER
    config.stash[SAMPLER] = Sampler()

@pytest.fixture
def machine(pytestconfig):
    from svcproof.plugin.sampling import SAMPLER
    return pytestconfig.stash[SAMPLER]

def tries(name):
    "Note a try, and return how many there have been."
    note(name)
    return (HERE / "log").read_text().split().count(name)
"""
FIGURES = "CPU pressure 87%, woke up to 0.90 s late, 1.9 of 2 CPUs in use, unknown how many by the proxy"


def suffering(name: str, starved: int, refuted: int, proxy: object = None, more: str = "") -> str:
    """A check on a machine that is starved at so many tries, which does not hold at so many tries."""
    return check(
        name,
        f"""from conftest import tries
    time.sleep(0.05)
    number = tries({name!r})
    machine.late, machine.proxy = 0.9 if number <= {starved} else 0.0, {proxy}
    probe()
    assert number > {refuted}, 'no answer'""",
        more,
    ).replace("(probe)", "(probe, machine)")


def well(name: str) -> str:
    return check(name, f"note({name!r})")


@pytest.fixture
def stage(tmp_path: Path) -> Callable[..., Stage]:
    def make(*checks: str) -> Stage:
        on = Stage(tmp_path, "".join(checks), "pass")
        conftest = tmp_path / "conftest.py"
        conftest.write_text(conftest.read_text() + SAMPLER)
        return on

    return make


def facts(on: Stage) -> list[tuple[object, object, object]]:
    """The id of each fact, its finding, and `again` for that of a second try."""
    lines = [line for line in on.lines if line["kind"] == "fact"]
    return [(line["id"], line["finding"], "again" if line.get("retry") else "") for line in lines]


def made(on: Stage) -> list[str]:
    """The checks in the order in which they were made, and the cluster's end."""
    return [word for word in on.log if word not in ("capabilities", "up keep=False", "join by the way in")]


@pytest.mark.parametrize("last", [False, True], ids=["in the middle", "last of all"])
def test_what_suffered_is_tried_once_more_at_the_end_and_is_an_error(stage: Callable[..., Stage], last: bool) -> None:
    checks = [suffering("starved", starved=1, refuted=1), well("sound")]
    on = stage(*(reversed(checks) if last else checks))

    code, said = on.run()

    assert code == 3, said
    assert made(on) == [*(["sound", "starved"] if last else ["starved", "sound"]), "starved", "down"]
    assert sorted(facts(on)) == [
        ("sound", "confirmed", ""),
        ("starved", "confirmed", "again"),
        ("starved", "refuted", ""),
    ]
    assert f"the machine was starved: {FIGURES}; tried once more, alone, it held" in said
    assert f"the machine was starved, so starved is tried once more at the end: {FIGURES}\n" in said
    assert "it has not been tried again" not in said
    assert "tried once more, alone, since the machine was starved: 1 check" in said
    assert "1 error" in said
    assert "fail" not in said


@pytest.mark.parametrize(
    ("starved", "proxy", "code", "tries", "words"),
    [
        (1, None, 1, 2, "this was the second try: at the first one the machine was starved"),
        (2, None, 3, 2, "so it was when this was tried once more, alone"),
        (2, 1.6, 1, 1, "the proxy itself starved the machine"),
        (0, None, 1, 1, "no answer"),
    ],
    ids=["well at the second try", "starved again", "starved by the proxy", "never starved"],
)
def test_what_is_refuted_again(
    stage: Callable[..., Stage], starved: int, proxy: object, code: int, tries: int, words: str
) -> None:
    on = stage(suffering("broken", starved, refuted=9, proxy=proxy))

    exited, said = on.run()

    assert exited == code, said
    assert made(on) == ["broken"] * tries + ["down"]
    assert words in said


def test_what_held_on_a_starved_machine_is_not_tried_again(stage: Callable[..., Stage]) -> None:
    on = stage(suffering("sturdy", starved=9, refuted=0))

    code, said = on.run()

    assert (code, made(on)) == (0, ["sturdy", "down"]), said
    assert "tried once more" not in said


def test_workers_try_again_alone_when_all_others_have_ended(stage: Callable[..., Stage]) -> None:
    names = [f"number_{number}" for number in range(4)]
    busy = [check(name, f"note('begin'); time.sleep(0.4); note('end {name}')") for name in names]
    on = stage(suffering("first", 1, 1), *busy[:2], suffering("second", 1, 9), *busy[2:], suffering("third", 1, 1))

    code, said = on.run("-n", "3")

    assert code == 1, said
    assert sorted(set(facts(on))) == sorted(
        [(name, "confirmed", "") for name in names]
        + [(name, "refuted", "") for name in ("first", "second", "third")]
        + [("first", "confirmed", "again"), ("second", "refuted", "again"), ("third", "confirmed", "again")]
    )
    retried = made(on)[-4:]
    assert sorted(retried[:3]) == ["first", "second", "third"]
    assert retried[3] == "down"
    assert "tried once more, alone, since the machine was starved: 3 checks" in said


def test_repeats_are_tried_again_each_by_itself(stage: Callable[..., Stage]) -> None:
    on = stage(suffering("starved", starved=2, refuted=1))

    code, said = on.run("--svcproof-repeat=2")

    attempts = [(line.get("attempt", 1), line.get("retry", False)) for line in on.lines if line["kind"] == "fact"]
    assert code == 3, said
    assert attempts == [(1, False), (2, False), (1, True)]


@pytest.mark.parametrize("option", ["--svcproof-fail-fast=1", "-x"])
def test_starved_refutation_does_not_end_the_run(stage: Callable[..., Stage], option: str) -> None:
    on = stage(suffering("starved", starved=1, refuted=1), well("sound"))

    _, said = on.run(option)

    assert "sound" in made(on), said
    assert ("starved", "confirmed", "again") in facts(on)


def test_other_tests_are_not_disturbed(stage: Callable[..., Stage]) -> None:
    on = stage(suffering("starved", starved=1, refuted=1))
    (on.folder / "test_others.py").write_text("def test_other(): pass\n")

    code, said = on.run()

    assert code == 3, said
    assert "1 passed" in said
    assert "1 tried again" in said
    assert made(on) == ["starved", "starved", "down"]


def test_junit_says_how_many_were_tried_again(stage: Callable[..., Stage]) -> None:
    on = stage(suffering("starved", starved=1, refuted=1), well("sound"))

    on.run()

    document = ET.parse(on.folder / "results/junit.xml")
    properties = {element.get("name"): element.get("value") for element in document.iter("property")}
    assert properties["tried again"] == "1"
    assert [case.get("name") for case in document.iter("testcase")] == ["starved", "sound"]
