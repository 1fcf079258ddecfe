"""The lines on bystanders in the report of a run, and the command that makes the check again which broke one."""

from dataclasses import replace

import pytest

from svcproof.model.bystander import BystanderRecord, Disturbance, Kind, NearbyChange, NodeTally
from svcproof.model.fact import Fact, Finding
from svcproof.model.run import Run
from svcproof.model.verdict import Claims, judge
from svcproof.report.bystanders import bystander_lines
from svcproof.report.recording import Recording
from svcproof.report.words import again

QUIET = BystanderRecord(services=3, every=1.0, nodes=(NodeTally(tries=10), NodeTally(node="node-a", tries=20)))
DISTURBED = BystanderRecord(
    services=3, every=1.0, nodes=(NodeTally(tries=10), NodeTally(node="node-a", tries=2000, lost=4, gap=2.5))
)


@pytest.fixture
def lines(header):
    def render(*facts: Fact) -> list[str]:
        return [line.plain for line in bystander_lines(Run(header=header, facts=facts))]

    return render


def held(name: str, record: BystanderRecord | None) -> Fact:
    return Fact(id=name, finding=Finding.CONFIRMED, bystanders=record)


def test_a_run_without_bystanders_says_nothing_of_them(lines):
    assert lines(held("answers", None)) == []


def test_where_nothing_was_lost_one_line_says_so(lines):
    assert lines(held("answers", QUIET), held("spreads", QUIET)) == [
        "\nbystanders: 3 Services beside 2 checks, 60 looks, none lost"
    ]


def test_nodes_that_lost_something_have_a_line_and_so_have_the_checks(lines):
    assert lines(held("answers", QUIET), held("restarts", DISTURBED)) == [
        "\nbystanders: 3 Services beside 2 checks, 2,040 looks, 4 lost",
        "  from node-a: 4 of 2,020 lost, longest gap 2.50 s",
        "  beside restarts: longest gap 2.50 s",
    ]


def test_a_gap_that_was_there_when_a_check_began_is_told_of_the_check_in_which_it_began(lines):
    earlier = Disturbance(
        service="bystander-udp",
        kind=Kind.UDP,
        door="ClusterIP",
        vantage="client-node-a",
        node="node-a",
        expected="answered",
        seen="dropped",
        at=-1.5,
        gap=2.5,
        changes=(NearbyChange(check="restarts", change="stop the proxy: node-a", before=0.2),),
    )

    *_, last = lines(held("restarts", QUIET), held("answers", replace(DISTURBED, disturbances=(earlier,))))

    assert last == "  beside restarts: longest gap 2.50 s"


def test_what_broke_is_made_again_with_the_check_that_broke_it(header, behaviour):
    broken = Fact(id="stays", finding=Finding.REFUTED, reason="no answer", beside="deletes")

    verdict = judge(behaviour("stays"), [broken], Claims())

    assert again(verdict, header).endswith("-k 'deletes or stays'")


def test_a_bystander_of_another_shard_is_kept_and_not_judged(tmp_path, header, behaviour):
    recording = Recording(tmp_path / "results", replace(header, shard="1/2"))
    recording.behaviours([behaviour("deletes")])
    broken = Fact(id="stays", finding=Finding.REFUTED, reason="no answer", beside="deletes")

    verdict = recording.fact(broken)
    recording.fact(held("deletes", None))
    code = recording.finish()
    recording.close()

    assert verdict is None
    assert code == 0
    assert '"beside": "deletes"' in (tmp_path / "results" / "run.jsonl").read_text()
