"""The outcomes that a connection may have that no endpoint takes."""

from svcproof.model.behaviour import Level
from svcproof.model.probe import Outcome, Protocol
from svcproof.promise.clauses import SERVICE_PROXY, TRAFFIC_POLICY, VIRTUAL_IPS
from svcproof.promise.doors import Door
from svcproof.promise.endpoints import Endpoints
from svcproof.promise.rulebook import Question, rule
from svcproof.promise.world import Policy

Silence = frozenset[Outcome]


@rule(SERVICE_PROXY, Level.SHOULD)
def connection_without_endpoints_is_refused(policy: Policy, anywhere: Endpoints) -> bool:
    """With policy Cluster and no endpoint to go to, a connection is refused, and not left to time out."""
    return policy is Policy.CLUSTER and not anywhere


@rule(TRAFFIC_POLICY, Level.SHOULD, kep=2086, since="1.26")
def connection_without_local_endpoints_is_dropped(policy: Policy, anywhere: Endpoints) -> bool:
    """With policy Local and endpoints on other nodes alone, a connection is dropped, so that the client tries again."""
    return policy is Policy.LOCAL and bool(anywhere)


@rule(VIRTUAL_IPS + "#traffic-policies", Level.MAY)
def connection_without_endpoints_may_be_refused_or_dropped(door: Door) -> bool:
    """Where policy Local meets a Service without any endpoint, and over UDP and SCTP, either outcome may be seen."""
    return True


def silence(door: Door, policy: Policy, anywhere: Endpoints) -> tuple[Silence, Question[...]]:
    """The outcomes that may be seen where nobody is to answer, and the rule that says so; empty where any may."""
    is_tcp = door.target.protocol in (Protocol.TCP, Protocol.HTTP)
    if is_tcp and connection_without_endpoints_is_refused(policy, anywhere):
        return frozenset({Outcome.REFUSED}), connection_without_endpoints_is_refused
    if connection_without_local_endpoints_is_dropped(policy, anywhere):
        return frozenset({Outcome.DROPPED}), connection_without_local_endpoints_is_dropped
    return frozenset(), connection_without_endpoints_may_be_refused_or_dropped
