import io
import re

import pytest
from rich.console import Console

from svcproof.report.progress import Progress


@pytest.fixture
def clock():
    """Seconds that pass only when told to."""
    return iter(range(0, 10_000, 2))


def shown(run, clock, *, terminal, verdicts):
    file = io.StringIO()
    console = Console(file=file, force_terminal=terminal, width=100, highlight=False, no_color=True)
    progress = Progress(console, run.header, now=lambda: float(next(clock)))
    progress.expect(len(run.behaviours))
    progress.step("starting the cluster lab")
    for verdict in verdicts:
        progress.started(verdict.behaviour)
        progress.concluded(verdict)
    progress.finish()
    return file.getvalue()


def test_a_log_gets_steps_and_a_counter_with_what_is_left_and_no_terminal_codes(every_kind, clock):
    passed = every_kind.verdicts()[0]

    lines = shown(every_kind, clock, terminal=False, verdicts=[passed]).splitlines()

    assert lines == ["starting the cluster lab", "1/9, 0:04, about 0:32 left  passes"]


def test_a_log_gets_a_line_each_tenth_or_ten_seconds_not_each_check(every_kind, behaviour, clock):
    hundred = [every_kind.verdicts()[0]] * 100
    file = io.StringIO()
    console = Console(file=file, force_terminal=False, width=100, highlight=False)
    still = Progress(console, every_kind.header, now=lambda: 0.0)
    still.expect(100)

    for verdict in hundred:
        still.concluded(verdict)

    counts = re.findall(r"^(\d+)/100", file.getvalue(), re.MULTILINE)
    assert counts == [str(n) for n in range(10, 101, 10)]


def test_passes_are_quiet_and_what_speaks_against_the_proxy_is_told_at_once(every_kind, clock):
    text = shown(every_kind, clock, terminal=False, verdicts=every_kind.verdicts()[:3])

    assert re.findall(r"^[A-Z]+ \w+", text, re.MULTILINE) == ["FAIL fails", "WEAK is_weak"]
    assert "again: svcproof run" in text


def test_the_same_cause_is_told_once(every_kind, clock):
    text = shown(every_kind, clock, terminal=False, verdicts=every_kind.verdicts()[4:6])

    assert text.count("last words") == 1
    assert "2/9, 2 error" in text


def test_a_behaviour_that_fails_in_each_repeat_is_told_once(every_kind, clock):
    failed = every_kind.verdicts()[1]

    assert shown(every_kind, clock, terminal=False, verdicts=[failed, failed]).count("FAIL fails") == 1


def test_a_terminal_gets_one_live_line_that_is_gone_at_the_end(every_kind, clock):
    text = shown(every_kind, clock, terminal=True, verdicts=every_kind.verdicts()[:1])

    assert "\r\x1b[2K0/9, 0:02  passes" in text
    assert text.endswith("\x1b[2K")
    assert text.rindex("\x1b[?25h") > text.rindex("\x1b[?25l"), "the cursor stays hidden"


@pytest.fixture
def stepping(every_kind):
    """Steps that begin at these seconds, on a terminal or not, and a last one after the run."""

    def run(seconds, *, terminal):
        file = io.StringIO()
        console = Console(file=file, force_terminal=terminal, width=100, highlight=False, no_color=True)
        progress = Progress(console, every_kind.header, now=iter([0.0, *seconds, 90.0, 95.0]).__next__)
        for second in seconds:
            progress.step(f"step {second:.0f}")
        progress.finish()
        progress.step("removing the cluster")
        progress.step("removing the clients")
        return file.getvalue()

    return run


def test_steps_say_when_they_began_counted_from_the_first(stepping):
    assert stepping([5.0, 5.2, 32.0], terminal=False).splitlines() == [
        "step 5",
        "step 5",
        "step 32 (at 0:27)",
        "removing the cluster",
        "removing the clients (at 0:05)",
    ]


def test_on_a_terminal_every_step_stays_to_be_read(stepping):
    text = stepping([5.0, 32.0], terminal=True)

    erased_and_after = text.rpartition("\x1b[2K")[2].splitlines()
    assert "step 5\n" in text
    assert erased_and_after == ["step 32 (at 0:27)", "removing the cluster", "removing the clients (at 0:05)"]
