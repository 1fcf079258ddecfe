"""Logs cut to the time of a check."""

from datetime import datetime

from svcproof.evidence import logs
from svcproof.model.evidence import Log

POD_LOG = """2026-11-30T04:09:51.341466123Z I1130 first
2026-11-30T04:09:52Z \x1b[31msecond\x1b[0m ]]>
"""
LAB_LOG = """2026-11-30 04:09:51,250 ERROR svcproof.lab: gone
Traceback (most recent call last):
2026-11-30 04:09:53,000 ERROR svcproof.lab: again
"""


def test_a_line_has_the_time_before_it_and_stays_as_it_is_otherwise() -> None:
    assert list(logs.stamped(POD_LOG)) == [
        (datetime.fromisoformat("2026-11-30T04:09:51.341466+00:00").timestamp() + 1.23e-7, "I1130 first"),
        (datetime.fromisoformat("2026-11-30T04:09:52+00:00").timestamp(), "\x1b[31msecond\x1b[0m ]]>"),
    ]


def test_lines_without_a_time_belong_to_the_one_before() -> None:
    gone, traceback, again = logs.stamped(LAB_LOG)

    assert gone == (datetime(2026, 11, 30, 4, 9, 51, 250000).timestamp(), "ERROR svcproof.lab: gone")
    assert traceback[0] == gone[0]
    assert again[0] == gone[0] + 1.75


def test_a_log_is_cut_to_what_was_printed_since_a_check_began() -> None:
    log = Log("proxy", "node-a", ((1.0, "another check's"), (2.0, "own"), (3.0, "own too")))

    assert (
        logs.text(logs.since(log, 2.0)) == "1970-01-01T00:00:02.000+00:00 own\n1970-01-01T00:00:03.000+00:00 own too\n"
    )
    assert logs.last(log, 1).lines == ((3.0, "own too"),)
