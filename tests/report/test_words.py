from dataclasses import replace

from svcproof.model.event import Event, Reading
from svcproof.model.probe import Observation, Outcome, Target
from svcproof.report.words import clock, compact, explain, gist


def dropped(address, seconds=2.0):
    probe = Observation(vantage="a", target=Target(address, 80), outcome=Outcome.DROPPED, seconds=seconds)
    return Event(at=0.0, step=0, probe=probe)


def reading(name):
    return Event(at=0.0, step=0, reading=Reading(kind="Service", name=name, resource_version="9"))


def test_equal_observations_are_counted_whatever_time_they_took():
    events = [dropped("10.0.0.1", 2.001), replace(dropped("10.0.0.1", 2.002), count=2), dropped("10.0.0.2")]

    assert compact(events) == ["3 x a -> tcp 10.0.0.1:80: dropped", "a -> tcp 10.0.0.2:80: dropped"]


def test_what_the_reason_tells_is_not_told_again(every_kind):
    failed = every_kind.verdicts()[1]
    told = "expected: an answer\nlooked for 4 s; seen:\n  3 x outside-1 -> tcp 172.30.0.11:30001: dropped"

    assert "besides" not in explain(replace(failed, reason=told), every_kind.header).plain


def test_what_was_read_from_the_api_is_shown_only_where_nothing_was_probed():
    assert compact([reading("echo"), dropped("10.0.0.1")]) == ["a -> tcp 10.0.0.1:80: dropped"]
    assert compact([reading("echo")] * 2) == ["2 x API: Service echo at resourceVersion 9"]


def test_of_many_observations_the_last_are_shown_and_the_rest_counted():
    lines = compact([dropped(f"10.0.0.{number}") for number in range(20)])

    assert lines[0] == "(8 earlier ones are in run.jsonl)"
    assert lines[-1] == "a -> tcp 10.0.0.19:80: dropped"


def test_a_failure_tells_requirement_source_expected_seen_and_how_to_run_it_again(every_kind):
    failed = every_kind.verdicts()[1]

    assert explain(failed, every_kind.header).plain.splitlines() == [
        "FAIL fails  MUST, proxy answers for it",
        "  A client sees that it fails.",
        "  https://example.org/service/#clause",
        "    every node was to answer",
        "    none did",
        "  seen:",
        "    3 x outside-1 -> tcp 172.30.0.11:30001: dropped",
        "  again: svcproof run --cluster lab --proxy './my proxy.yaml' --fault proxy/no-reject -k fails",
    ]


def test_terminal_codes_in_what_a_program_said_are_written_out(every_kind):
    broken = replace(every_kind.verdicts()[4], reason="\x1b[2Jgone\r")

    assert "\\x1b[2Jgone" in explain(broken, every_kind.header).plain


def test_a_line_that_announces_what_follows_brings_the_last_one_along():
    assert gist("the lab ended:\n  Traceback\n  OSError: no") == "the lab ended: ... OSError: no"
    assert gist("no endpoint answered\nin 4 s") == "no endpoint answered"


def test_durations_are_minutes_and_seconds():
    assert [clock(seconds) for seconds in (0.4, 61, 600)] == ["0:00", "1:01", "10:00"]


def test_the_sentence_that_a_must_follows_from_is_told(every_kind):
    failed = every_kind.verdicts()[1]
    derived = replace(failed, behaviour=replace(failed.behaviour, because="A Service has an address."))

    assert "\n  because: A Service has an address.\n" in explain(derived, every_kind.header).plain


def test_the_enhancement_and_the_releases_that_matter_are_told(every_kind):
    failed = every_kind.verdicts()[1]
    later = replace(failed, behaviour=replace(failed.behaviour, kep=2086, since="1.26", binding="1.38"), pending=True)

    lines = explain(later, replace(every_kind.header, ignore_release=True)).plain.splitlines()

    assert lines[0] == "FAIL fails  MUST, from Kubernetes 1.38 on, proxy answers for it"
    assert lines[3] == "  KEP-2086 Service internal traffic policy, stable since 1.26"
    assert lines[-1].endswith("--fault proxy/no-reject --ignore-release -k fails")
