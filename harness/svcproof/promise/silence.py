"""The outcomes that a connection may have that no endpoint takes."""

from svcproof.model.behaviour import Level
from svcproof.model.probe import Outcome, Protocol
from svcproof.promise.clauses import SERVICE_PROXY, TRAFFIC_POLICY, VIRTUAL_IPS
from svcproof.promise.doors import Door, over
from svcproof.promise.endpoints import Endpoints
from svcproof.promise.expectation import Rule
from svcproof.promise.rulebook import rule
from svcproof.promise.world import Policy

Silence = frozenset[Outcome]


@rule(VIRTUAL_IPS + "#traffic-policies", Level.MAY)
def silence_may_be_of_either_kind(door: Door, policy: Policy, anywhere: Endpoints) -> bool:
    """A Service with no endpoint anywhere may refuse or drop with policy Local, and over UDP and SCTP."""
    return not anywhere and (policy is Policy.LOCAL or over(door.target) is not Protocol.TCP)


@rule(TRAFFIC_POLICY, Level.SHOULD, kep=2086, since="1.26")
def connection_without_local_endpoints_is_dropped(policy: Policy, anywhere: Endpoints) -> bool:
    """A connection that policy Local keeps from endpoints of other nodes is dropped, so that its client tries again."""
    return policy is Policy.LOCAL and bool(anywhere)


@rule(SERVICE_PROXY, Level.SHOULD)
def connection_without_endpoints_is_refused(anywhere: Endpoints) -> bool:
    """A TCP connection that finds no endpoint with policy Cluster is refused, and not left to time out."""
    return not anywhere


def silence(door: Door, policy: Policy, anywhere: Endpoints) -> tuple[Silence, Rule]:
    """Return the outcomes that may be seen of what nobody is to answer, empty where any may, and the rule for it."""
    if silence_may_be_of_either_kind(door, policy, anywhere):
        return frozenset(), silence_may_be_of_either_kind.rule
    if connection_without_local_endpoints_is_dropped(policy, anywhere):
        return frozenset({Outcome.DROPPED}), connection_without_local_endpoints_is_dropped.rule
    outcomes = frozenset({Outcome.REFUSED} if connection_without_endpoints_is_refused(anywhere) else ())
    return outcomes, connection_without_endpoints_is_refused.rule
