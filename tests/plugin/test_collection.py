"""Which checks a run holds, and what is refused before anything is made."""

from collections.abc import Callable
from typing import Any

RunSuite = Callable[..., tuple[int, list[dict[str, object]]]]
CHECK = '''
@behaviour(level={level}, **claim)
def test_{name}(probe):
    """A thing holds."""
    probe()
    assert {claim}
'''


def check(name: str, *, level: str = "MUST", claim: str = "True") -> str:
    return CHECK.format(name=name, level=level, claim=claim)


def of_kind(lines: list[dict[str, object]], kind: str) -> list[object]:
    return [line["id"] for line in lines if line["kind"] == kind]


def selection(lines: list[dict[str, Any]]) -> list[object]:
    return [behaviour["id"] for line in lines if line["kind"] == "selection" for behaviour in line["behaviours"]]


def test_run_file_names_each_behaviour_then_its_start_then_its_fact(run_suite: RunSuite) -> None:
    code, lines = run_suite(check("one") + check("two"))

    assert code == 0
    assert lines[0]["kind"] == "run"
    assert selection(lines) == of_kind(lines, "started") == of_kind(lines, "fact") == ["one", "two"]
    assert lines[-1]["kind"] == "finished"


def test_refuted_must_fails_the_run_and_refuted_should_does_not(run_suite: RunSuite) -> None:
    assert run_suite(check("one", claim="False"))[0] == 1


def test_refuted_should_does_not_fail_the_run(run_suite: RunSuite) -> None:
    assert run_suite(check("one", level="SHOULD", claim="False"))[0] == 0


def test_core_profile_leaves_out_what_is_not_a_must(run_suite: RunSuite) -> None:
    _, lines = run_suite(check("one") + check("two", level="SHOULD"), "--svcproof-profile", "core")

    assert selection(lines) == ["one"]


def test_behaviour_defined_twice_is_refused(run_suite: RunSuite, pytester: object) -> None:
    pytester.makepyfile(test_again="from test_checks import *\n" + check("one"))  # type: ignore[attr-defined]

    code, lines = run_suite(check("one"))

    assert (code, lines) == (4, [])


def test_behaviour_without_a_requirement_is_refused(run_suite: RunSuite) -> None:
    code, _ = run_suite("@behaviour(level=MUST, **claim)\ndef test_it(probe):\n    probe()\n")

    assert code == 4


def test_unknown_cluster_is_refused(run_suite: RunSuite) -> None:
    code, lines = run_suite(check("one"), "--svcproof-cluster", "labb")

    assert (code, lines) == (4, [])


def test_repeats_leave_a_fact_each(run_suite: RunSuite) -> None:
    _, lines = run_suite(check("one"), "--svcproof-repeat", "3")

    assert [line.get("attempt", 1) for line in lines if line["kind"] == "fact"] == [1, 2, 3]


def test_same_seed_gives_the_same_order(run_suite: RunSuite) -> None:
    checks = "".join(check(f"number_{number}") for number in range(8))

    orders = [of_kind(run_suite(checks, "--svcproof-seed", "7")[1], "started") for _ in range(1)]

    assert sorted(map(str, orders[0])) != orders[0]


def test_workers_report_to_one_run_file(run_suite: RunSuite) -> None:
    code, lines = run_suite("".join(check(f"number_{number}") for number in range(4)), "-n", "2")

    assert code == 0
    assert len(of_kind(lines, "fact")) == 4


def test_crashed_worker_is_an_error_not_a_failure(run_suite: RunSuite) -> None:
    crash = '@behaviour(level=MUST, **claim)\ndef test_crash(probe):\n    """Holds."""\n    import os; os._exit(3)\n'

    code, lines = run_suite(crash + check("other"), "-n", "1")

    assert code == 3
    assert {line["id"]: line["finding"] for line in lines if line["kind"] == "fact"}["crash"] == "broke"


def test_what_the_cluster_lacks_is_untestable_and_starts_no_fixture(run_suite: RunSuite) -> None:
    needy = (
        "@pytest.fixture\ndef never():\n    raise SystemExit('a fixture ran')\n"
        "@behaviour(level=MUST, requires={Capability.TWO_NODES}, **claim)\n"
        'def test_it(never):\n    """Holds."""\n'
    )

    code, lines = run_suite(needy, "--svcproof-cluster", "lab-single-node")

    fact = next(line for line in lines if line["kind"] == "fact")
    assert (code, fact["finding"]) == (0, "untestable")
    assert "two-nodes" in str(fact["reason"])


def test_shards_are_parts_of_what_is_selected_that_have_nothing_in_common(run_suite: RunSuite) -> None:
    checks = "".join(check(f"number_{number}") for number in range(5))

    parts = [
        selection(run_suite(checks, "--svcproof-shard", shard, "-k", "not number_0", "-n", workers)[1])
        for shard, workers in (("1/2", "0"), ("2/2", "2"))
    ]

    assert parts == [["number_1", "number_3"], ["number_2", "number_4"]]


def test_shard_that_is_none_is_refused(run_suite: RunSuite) -> None:
    assert run_suite(check("one"), "--svcproof-shard", "3/2") == (4, [])
