import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from svcproof.model.chance import Chance
from svcproof.model.fact import Fact, Finding
from svcproof.model.proxy_spec import ProxySpec
from svcproof.model.run import Finished
from svcproof.model.vocabulary import Feature
from svcproof.report.summary import render
from svcproof.report.words import odds

EVERY_KIND = """\
area        pass  fail  weak  recorded  blocked  error  untestable  not run
cluster_ip                           1
node_port      1     1     1                  1      2           1        1
all            1     1     1         1        1      2           1        1

fail
  fails: every node was to answer

weak
  is_weak: slow

recorded: left open by Kubernetes, it goes here
  is_open: dropped

blocked
  the control was not answered
    1: is_blocked

error
  the proxy ended\\x1b[0m
    2: breaks, breaks_too

untestable
  the cluster has one node
    1: is_untestable

not run
  the run ended before this check
    1: is_not_reached

1 of 6 core behaviours could be shown here.
mine on lab with proxy/no-reject: 9 behaviours in 60.5 s; svcproof 0.1.0; results in results/latest
"""


def test_the_patience_of_a_run_is_shown(every_kind):
    patient = replace(every_kind, header=replace(every_kind.header, patience=("2", "pod-ready=3")))

    assert "mine on lab with proxy/no-reject with --patience 2, pod-ready=3: 9 behaviours" in report(patient)


@pytest.fixture
def complete(every_kind):
    return replace(every_kind, finished=Finished(at="2026-01-02T03:05:05+00:00", seconds=60.5))


def report(run, *, terminal=False):
    file = io.StringIO()
    console = Console(file=file, force_terminal=terminal, width=100, highlight=False)
    console.print(render(run, run.verdicts(), Path("results/latest")), soft_wrap=True)
    return "\n".join(line.rstrip() for line in file.getvalue().split("\n"))


def test_the_report_of_a_run_with_every_kind_of_verdict(complete):
    assert report(complete) == EVERY_KIND


def test_what_is_claimed_too_little_is_flagged(complete, behaviour):
    one = complete.behaviours[0]
    modest = ProxySpec.model_validate(
        {"deviations": [{"behaviour": one.id, "why": "planned", "url": "https://example.org/why"}]}
    )
    run = replace(complete, header=replace(complete.header, proxy=modest), behaviours=(one,))

    assert "claimed too little\n  passes: holds, though documented as a deviation: planned" in report(run)


def test_what_one_missing_claim_explains_is_told_once(complete, behaviour):
    both = [
        behaviour("left", features=frozenset({Feature.SCTP})),
        behaviour("right", features=frozenset({Feature.SCTP})),
    ]
    facts = tuple(Fact(id=each.id, finding=Finding.REFUTED, reason=f"{each.id}: dropped") for each in both)
    modest = ProxySpec.model_validate({"features": []})
    header = replace(complete.header, proxy=modest)
    run = replace(complete, header=header, behaviours=tuple(both), facts=facts)

    assert "unsupported\n  the proxy does not claim sctp\n    2: left, right\n" in report(run)


def test_a_run_that_was_killed_says_so(every_kind):
    assert "not complete: the run file has no last line: the run was killed, or the file cut off" in report(every_kind)


def test_a_run_without_behaviours_can_be_shown(complete):
    assert report(replace(complete, behaviours=())).startswith("\nNo core behaviour was selected.\n")


def test_colour_is_for_terminals_alone(complete, monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")

    assert "\x1b[1;31mfail" in report(complete, terminal=True)
    assert "\x1b" not in report(complete)

    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[1;31m" not in report(complete, terminal=True)


def test_checks_that_were_tried_once_more_are_counted(complete):
    again = Fact(id="fails", finding=Finding.CONFIRMED, retry=True)
    still = Fact(id="is_weak", finding=Finding.REFUTED, retry=True)

    shown = report(replace(complete, facts=(*complete.facts, again, still)))

    assert "tried once more, alone, since the machine was starved: 2 checks, of which 1 held then\n" in shown
    assert "tried once more" not in report(complete)


def test_chance_of_a_false_alarm_is_that_of_all_judged_checks(complete):
    def with_chances(fact):
        chances = {"passes": (Chance(tries=40, probability=1e-7), Chance(tries=40, probability=3e-7))}
        chances |= {"fails": (Chance(tries=20, probability=1e-7),), "is_open": (Chance(tries=1, probability=0.5),)}
        return replace(fact, chances=chances.get(fact.id, ()))

    shown = report(replace(complete, facts=tuple(map(with_chances, complete.facts))))

    assert "chance of a false alarm in this run: 1 in 2 million, from 2 checks\n" in shown
    assert "false alarm" not in report(complete)


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (1.0, "1 in 1"),
        (0.3, "1 in 3.3"),
        (1 / 25_400, "1 in 25 thousand"),
        (1 / 3.7e6, "1 in 3.7 million"),
        (1 / 9.99e8, "1 in 1 billion"),
        (1e-11, "1 in 100 billion"),
        (1e-12, "1 in more than a thousand billion"),
        (0.0, "1 in more than a thousand billion"),
    ],
)
def test_odds_in_words(probability, words):
    assert odds(probability) == words
