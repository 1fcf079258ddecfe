"""The names that an author of checks needs. Importing this loads neither pytest nor a cluster."""

from svcproof.errors import Rejected, refusal
from svcproof.limits import Judged
from svcproof.model.behaviour import Level, Part, behaviour, behaviours
from svcproof.model.probe import Outcome, Protocol, Seen, Target
from svcproof.model.vocabulary import Capability, Feature
from svcproof.wait import Expired, consistently, control, eventually
from svcproof.wait.predicates import (
    APART,
    answered,
    answered_by,
    answered_within,
    dropped,
    from_sources,
    refused,
    silent,
)

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
    "Outcome",
    "Part",
    "Protocol",
    "Rejected",
    "Seen",
    "Target",
    "answered",
    "answered_by",
    "answered_within",
    "behaviour",
    "behaviours",
    "consistently",
    "control",
    "dropped",
    "eventually",
    "from_sources",
    "refusal",
    "refused",
    "silent",
]
