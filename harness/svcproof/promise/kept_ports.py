"""The expectation of a client that sends from a UDP port which it has used before, and which is known as tracked."""

from svcproof.model.behaviour import Level
from svcproof.model.probe import Target
from svcproof.model.vocabulary import Feature
from svcproof.promise.clauses import SERVICE_PROXY
from svcproof.promise.doors import doors_at
from svcproof.promise.expect import expect
from svcproof.promise.expectation import Answered, Aspect, Client, Expectation
from svcproof.promise.narrowing import narrowed
from svcproof.promise.parsing import address_of
from svcproof.promise.rulebook import rule
from svcproof.promise.slices import listed
from svcproof.promise.world import Endpoint, World


@rule(SERVICE_PROXY + "#udp-conntrack-cleanup", Level.MUST, feature=Feature.UDP_FLOWS)
def udp_port_used_before_leads_to_an_endpoint_of_now(anew: Expectation) -> bool:
    """A client that sends from a UDP port which it has used before is answered, if it must be from a new one.

    It is answered by an endpoint that serves now, and not by one that has left.
    """
    return anew.answered is Answered.ALWAYS


@rule(SERVICE_PROXY + "#udp-conntrack-cleanup", Level.MAY)
def udp_port_used_before_may_keep_its_endpoint(endpoint: Endpoint) -> bool:
    """A UDP port that was used before may lead on to its endpoint while that serves, whatever else has changed."""
    return endpoint.serving or endpoint.ready


def expect_from_kept_port(world: World, client: Client, target: Target) -> Expectation:
    """Return what `client` may see at `target` if it sends from a UDP port that it has used there before."""
    at = target.at(str(address_of(target.address)))
    anew = expect(world, client, at)
    if Feature.UDP_FLOWS not in world.claims.features or not udp_port_used_before_leads_to_an_endpoint_of_now(anew):
        return Expectation(answered=Answered.OPEN, may=None)
    scene = narrowed(world, at)
    may = frozenset(
        item.backend
        for door in doors_at(scene, at)
        for item in listed(scene, door.service, door.port, at.address)
        if udp_port_used_before_may_keep_its_endpoint(item.endpoint)
    )
    why = udp_port_used_before_leads_to_an_endpoint_of_now.rule
    return Expectation(answered=Answered.ALWAYS, may=may, rules={Aspect.ANSWERED: why, Aspect.BACKENDS: why})
