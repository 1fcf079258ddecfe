"""The diagnosis of a check that did not hold: the first fact in it that is not as the API says it should be."""

from collections.abc import Callable

from svcproof.diagnosis.announcements import misannounced, shared, unassigned
from svcproof.diagnosis.answers import masked, misdirected, resent
from svcproof.diagnosis.backends import fickle, missed, neglected, unwanted
from svcproof.diagnosis.case import Case
from svcproof.diagnosis.claims import misread
from svcproof.diagnosis.health import unhealthy
from svcproof.diagnosis.names import misnamed
from svcproof.diagnosis.silence import refused_otherwise, unanswered
from svcproof.diagnosis.slices import misgrouped
from svcproof.diagnosis.swept import unlike_the_rules
from svcproof.model.divergence import Divergence
from svcproof.model.fact import Fact

RULES: tuple[Callable[[Case], Divergence | None], ...] = (
    misnamed,
    unwanted,
    unanswered,
    refused_otherwise,
    neglected,
    fickle,
    masked,
    misdirected,
    missed,
    resent,
    unhealthy,
    misannounced,
    unassigned,
    shared,
    misgrouped,
    unlike_the_rules,
    misread,
)
"""The first that applies says it: whoever answers and should not comes before whoever does not answer."""


def divergence(fact: Fact) -> Divergence | None:
    """The divergence of a fact; None where nothing can be said beyond what was expected and seen."""
    case = Case(fact)
    return next(filter(None, (rule(case) for rule in RULES)), None)
