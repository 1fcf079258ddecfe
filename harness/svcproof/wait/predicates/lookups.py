"""Predicates on the answers to DNS queries."""

from collections.abc import Callable

from svcproof.model.probe import Lookup
from svcproof.wait.predicates.words import in_words, listed

Predicate = Callable[[Lookup], bool]


def resolves(lookup: Lookup) -> bool:
    """The DNS server has records of the name."""
    return bool(lookup.records)


def is_alias(lookup: Lookup) -> bool:
    """The DNS server has a CNAME record of the name."""
    return bool(lookup.chain)


def resolves_to(*records: str) -> Predicate:
    """Make a predicate: the answer holds these records and no others."""
    return in_words(
        f"the DNS server answers with {listed(records)} and no other record",
        lambda lookup: lookup.records == set(records),
    )


def has_record(record: str) -> Predicate:
    """Make a predicate: the answer holds this record, maybe among others."""
    return in_words(f"the DNS server answers with {record}", lambda lookup: record in lookup.records)


def has_records(count: int) -> Predicate:
    """Make a predicate: the answer holds so many records."""
    return in_words(
        f"the DNS server answers with {count or 'no'} record{'s' * (count != 1)}",
        lambda lookup: len(lookup.records) == count,
    )


def has_records_at_least(count: int) -> Predicate:
    """Make a predicate: the answer holds so many records, or more."""
    return in_words(
        f"the DNS server answers with at least {count} record{'s' * (count != 1)}",
        lambda lookup: len(lookup.records) >= count,
    )
