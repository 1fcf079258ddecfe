"""The names that an author of checks needs. Importing this loads neither pytest nor a cluster."""

from collections.abc import Callable
from pathlib import Path

from svcproof.errors import Rejected, refusal
from svcproof.limits import Judged
from svcproof.model.behaviour import Level, Part, behaviour, behaviours
from svcproof.model.chance import alike, unreached
from svcproof.model.probe import Outcome, Protocol, Seen, Target
from svcproof.model.traffic import Manner
from svcproof.model.vocabulary import Capability, Feature
from svcproof.wait import Expired, consistently, control, eventually
from svcproof.wait.chances import by_chance
from svcproof.wait.predicates import (
    APART,
    announced,
    answered,
    answered_by,
    answered_by_one,
    answered_by_one_of,
    answered_within,
    as_promised,
    at_ports,
    both,
    counts,
    counts_at_least,
    dropped,
    equals,
    from_sources,
    has_record,
    has_records,
    has_records_at_least,
    in_words,
    is_alias,
    is_there,
    nobody_answers_but,
    not_answered_by,
    refused,
    resent_at_most,
    resolves,
    resolves_to,
    silent,
)


def scenario_checks(folder: Path, module: str) -> dict[str, Callable[..., None]]:
    """Make a test function of each scenario in a folder: `globals().update(scenario_checks(folder, __name__))`.

    Raises UsageError with every mistake in all of them.
    """
    from svcproof.declare import found  # Few files need it, and it loads all that reads declarations.

    return found.scenario_checks(folder, module)


MUST, SHOULD, MAY = Level.MUST, Level.SHOULD, Level.MAY
PROXY, DNS, KUBELET, CONTROLLERS = Part.PROXY, Part.DNS, Part.KUBELET, Part.CONTROLLERS
LOAD_BALANCER = Part.LOAD_BALANCER

__all__ = [
    "APART",
    "CONTROLLERS",
    "DNS",
    "KUBELET",
    "LOAD_BALANCER",
    "MAY",
    "MUST",
    "PROXY",
    "SHOULD",
    "Capability",
    "Expired",
    "Feature",
    "Judged",
    "Level",
    "Manner",
    "Outcome",
    "Part",
    "Protocol",
    "Rejected",
    "Seen",
    "Target",
    "alike",
    "announced",
    "answered",
    "answered_by",
    "answered_by_one",
    "answered_by_one_of",
    "answered_within",
    "as_promised",
    "at_ports",
    "behaviour",
    "behaviours",
    "both",
    "by_chance",
    "consistently",
    "control",
    "counts",
    "counts_at_least",
    "dropped",
    "equals",
    "eventually",
    "from_sources",
    "has_record",
    "has_records",
    "has_records_at_least",
    "in_words",
    "is_alias",
    "is_there",
    "nobody_answers_but",
    "not_answered_by",
    "refusal",
    "refused",
    "resent_at_most",
    "resolves",
    "resolves_to",
    "scenario_checks",
    "silent",
    "unreached",
]
