"""Predicates for `eventually` and `consistently`, by subject; each says in words what it expects."""

from svcproof.wait.predicates.lookups import (
    has_record,
    has_records,
    has_records_at_least,
    is_alias,
    resolves,
    resolves_to,
)
from svcproof.wait.predicates.objects import counts, counts_at_least, equals, is_there
from svcproof.wait.predicates.probes import (
    ACCEPTED,
    APART,
    announced,
    answered,
    answered_by,
    answered_by_one,
    answered_by_one_of,
    answered_within,
    at_ports,
    dropped,
    from_sources,
    nobody_answers_but,
    not_answered_by,
    refused,
    resent_at_most,
    silent,
)
from svcproof.wait.predicates.sweeps import as_promised
from svcproof.wait.predicates.words import both, expectation, in_words

__all__ = [
    "ACCEPTED",
    "APART",
    "announced",
    "answered",
    "answered_by",
    "answered_by_one",
    "answered_by_one_of",
    "answered_within",
    "as_promised",
    "at_ports",
    "both",
    "counts",
    "counts_at_least",
    "dropped",
    "equals",
    "expectation",
    "from_sources",
    "has_record",
    "has_records",
    "has_records_at_least",
    "in_words",
    "is_alias",
    "is_there",
    "nobody_answers_but",
    "not_answered_by",
    "refused",
    "resent_at_most",
    "resolves",
    "resolves_to",
    "silent",
]
