"""The verdicts on what a killed run did not come to."""

from dataclasses import replace

from svcproof.model.run import Run, Started


def test_a_check_in_flight_at_a_kill_was_not_reached(every_kind):
    killed = Run(
        header=every_kind.header,
        behaviours=every_kind.behaviours[:2],
        started=(Started(id="passes", at=""), Started(id="fails", at="")),
        facts=every_kind.facts[:1],
    )

    passed, in_flight = killed.verdicts()

    assert passed.ruling == "pass"
    assert in_flight.ruling == "not run"
    assert in_flight.reason.endswith("cut off: the run ended in the middle of this check")
    assert killed.exit_code(killed.verdicts()) == 3


def test_a_repeat_that_a_killed_run_did_not_come_to_is_not_passed_over(every_kind):
    killed = replace(
        every_kind, header=replace(every_kind.header, repeat=3), behaviours=every_kind.behaviours[:1], facts=()
    )
    some = replace(killed, facts=tuple(replace(every_kind.facts[0], attempt=number) for number in (1, 2)))
    all_of_them = replace(killed, facts=tuple(replace(every_kind.facts[0], attempt=number) for number in (1, 2, 3)))

    (partly,) = some.verdicts()
    assert partly.ruling == "not run"
    assert partly.reason.endswith("the run ended before repeat 3 of this check")
    assert [one.ruling for one in all_of_them.verdicts()] == ["pass"]
