"""The query that a sentence about DNS tells of, where several were made of one name."""

from itertools import count

import pytest

from svcproof.diagnosis import divergence
from svcproof.model.event import Event
from svcproof.model.fact import Fact, Finding
from svcproof.model.probe import Lookup

NAME = "kubernetes.default.svc.cluster.local."
pytestmark = pytest.mark.timeout(10)


def fact(*lookups: tuple[str, bool, str]) -> Fact:
    """A refuted fact with a query of each (vantage, tcp, code)."""
    times = count()
    events = tuple(
        Event(
            at=float(next(times)),
            step=0,
            lookup=Lookup(
                vantage=vantage,
                server="10.96.0.10",
                name=NAME,
                type="A",
                tcp=tcp,
                code=code,
                records=frozenset({"10.96.0.1"} if code == "NOERROR" else ()),
            ),
        )
        for vantage, tcp, code in lookups
    )
    return Fact(id="dns_answers", finding=Finding.REFUTED, reason="expected: an answer", events=events)


def sentence(*lookups: tuple[str, bool, str]) -> str:
    diverged = divergence(fact(*lookups))
    return diverged.sentence if diverged else ""


def test_a_query_without_an_answer_is_told_of_and_not_one_that_was_answered_after_it() -> None:
    told = sentence(("pod", False, "TIMEOUT"), ("pod", True, "NOERROR"))

    assert told.startswith("the DNS server 10.96.0.10 gives no answer (TIMEOUT), asked over UDP by pod for A of")


def test_a_query_that_was_answered_at_last_is_not_told_of() -> None:
    told = sentence(("pod", False, "TIMEOUT"), ("pod", False, "NOERROR"))

    assert told.startswith("the DNS server 10.96.0.10 answers 10.96.0.1, asked by pod for A of")
