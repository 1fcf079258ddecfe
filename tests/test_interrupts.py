"""Signals that end a command: one exception for each interrupt, none in the middle of a step that is not to be torn."""

import os
import signal
import subprocess
import sys
import time
import weakref
from collections.abc import Iterator
from typing import Any

import pytest

from svcproof import interrupts

pytestmark = [pytest.mark.timeout(60), pytest.mark.programs]


@pytest.fixture(autouse=True)
def _heeded() -> Iterator[None]:
    before = interrupts.heed(even_if_ignored=interrupts.ENDING)  # as under `nohup`
    yield
    interrupts.restore(before)


@pytest.mark.parametrize("number", interrupts.ENDING)
def test_each_ending_signal_is_an_interrupt_that_says_its_name(number: signal.Signals) -> None:
    with pytest.raises(KeyboardInterrupt, match=number.name):
        signal.raise_signal(number)


def test_the_same_interrupt_twice_raises_once() -> None:
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)

    signal.raise_signal(signal.SIGTERM)


def test_an_ignored_signal_stays_ignored_unless_it_is_asked_for() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        interrupts.heed()
        signal.raise_signal(signal.SIGHUP)
        interrupts.heed(even_if_ignored={signal.SIGHUP})
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_step_that_is_not_to_be_torn_ends_before_the_interrupt() -> None:
    steps = []

    def interrupted_in_two_steps() -> None:
        with interrupts.deferred():
            with interrupts.deferred():
                signal.raise_signal(signal.SIGINT)
                steps.append("inner")
            steps.append("outer")

    with pytest.raises(KeyboardInterrupt):
        interrupted_in_two_steps()

    assert steps == ["inner", "outer"]


def test_an_interrupt_where_an_object_goes_is_raised_a_moment_later() -> None:
    class Interrupted:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGINT)

    def lets_it_go() -> None:
        Interrupted()
        time.sleep(10)

    with pytest.raises(KeyboardInterrupt):
        lets_it_go()


def test_an_interrupt_where_a_weak_reference_ends_is_raised_a_moment_later() -> None:
    names: dict[str, Any] = {"interrupt": lambda: signal.raise_signal(signal.SIGINT)}
    exec(compile("def remove(reference): interrupt()", weakref.__file__, "exec"), names)

    def lets_it_go() -> None:
        target = frozenset({1})
        reference = weakref.ref(target, names["remove"])
        del target
        time.sleep(10)
        del reference

    with pytest.raises(KeyboardInterrupt):
        lets_it_go()


def test_nothing_is_raised_once_the_end_has_begun() -> None:
    interrupts.hold_off()

    for number in interrupts.ENDING:
        signal.raise_signal(number)


@pytest.mark.parametrize("moment", [0.05, 0.1, 0.2, 0.4])
def test_ctrl_c_while_svcproof_is_being_imported_is_silent(moment: float) -> None:
    command = [sys.executable, "-c", "from svcproof.entry.command import main; main()", "list"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        time.sleep(moment)
        os.kill(process.pid, signal.SIGINT)
        _, errors = process.communicate()

    assert "Traceback" not in errors or "site.py" in errors, errors
