"""sessionAffinity: ClientIP."""

from collections import defaultdict

from svcproof import (
    MUST,
    PROXY,
    Capability,
    Feature,
    Judged,
    alike,
    answered,
    answered_by,
    answered_by_one,
    behaviours,
    by_chance,
    consistently,
    control,
    eventually,
    in_words,
    nobody_answers_but,
)

from ..clauses import VIRTUAL_IPS
from ..everywhere.world import BOTH as TCP_AND_UDP
from ..slices import READY, handmade

AFFINITY = VIRTUAL_IPS + "#session-affinity"
TIMEOUT = VIRTUAL_IPS + "#session-stickiness-timeout"
NO_TIMEOUT = (
    "A proxy that does not claim affinity-timeout: it may choose by a hash of the address, which never expires."
)
EQUAL = 15
"""By chance 15 connections go to one of three endpoints once in 4.8 million runs."""
TRIES = 40
FORGOTTEN = Judged.AFFINITY_FORGOTTEN
QUIET = 2.5
"""Seconds after which an affinity of one second has certainly ended."""
behaviour = behaviours(by=PROXY, level=MUST, spec=AFFINITY, requires={Feature.SESSION_AFFINITY})


def timeout(seconds):
    """A sessionAffinityConfig."""
    return {"clientIP": {"timeoutSeconds": seconds}}


@behaviour(
    because="The policy says which endpoints there are to choose from, the affinity that a client keeps its own.",
    requires={Capability.OUTSIDE_CLIENT, Feature.EXTERNAL_TRAFFIC_POLICY, Feature.NODE_PORT},
    fails_under={"proxy/affinity-lost-with-etp-local"},
)
def test_affinity_holds_with_local_policy(echo, outside, nodes):
    """With ClientIP affinity and externalTrafficPolicy Local a client outside stays with one endpoint of that node."""
    service = echo.service(type="NodePort", sessionAffinity="ClientIP", externalTrafficPolicy="Local")

    seen = eventually(lambda: outside.tcp(service.at_node(nodes[0]), times=20), answered_by_one)

    assert seen.backends < echo.on(nodes[0].name)


@behaviour(
    because="What a particular client sends is passed to the same pod each time, and a UDP port is a Service's port.",
    fails_under={"proxy/affinity-for-tcp-only"},
)
def test_affinity_holds_for_udp(echo, client):
    """With ClientIP affinity datagrams from different ports of one client go to one endpoint."""
    service = echo.service(sessionAffinity="ClientIP", ports=[{"port": 53, "targetPort": 5353, "protocol": "UDP"}])

    eventually(lambda: client.udp(service.at_cluster_ip(), times=EQUAL), answered_by_one)


@behaviour(
    because="Affinity is selected by setting the field of a Service to ClientIP, a new one or one that is there.",
    fails_under={"proxy/affinity-toggle-ignored"},
)
def test_affinity_can_be_switched_on(echo, client):
    """A Service that is given ClientIP affinity while it is served begins to keep clients on one endpoint."""
    service = echo.service()
    with control("without affinity connections are spread"):
        eventually(lambda: client.tcp(service.at_cluster_ip(), times=TRIES), answered_by(echo.names))

    service.patch(sessionAffinity="ClientIP")
    eventually(lambda: client.tcp(service.at_cluster_ip(), times=EQUAL), answered_by_one)


@behaviour(
    because="With None, the default, a Service has no affinity, whatever it had before.",
    fails_under={"proxy/affinity-toggle-ignored"},
)
def test_affinity_can_be_switched_off(echo, client):
    """A Service whose affinity is set back to None spreads the connections of its clients again."""
    service = echo.service(sessionAffinity="ClientIP")
    with control("with affinity the client stays with one endpoint"):
        eventually(lambda: client.tcp(service.at_cluster_ip(), times=EQUAL), answered_by_one)

    service.patch(sessionAffinity="None", sessionAffinityConfig=None)
    eventually(lambda: client.tcp(service.at_cluster_ip(), times=TRIES), answered_by(echo.names))


@behaviour(
    because="Connections from one client go to the same pod each time, and not only until there are more pods.",
    requires={Capability.HOST_NETWORK},
    fails_under={"proxy/affinity-lost-on-update"},
)
def test_affinity_survives_new_endpoints(echo, workbench, clients, hosts, sweep):
    """Clients stay with their endpoint when others join the Service."""
    everyone = [*clients, *hosts]
    service = workbench.service(sessionAffinity="ClientIP")
    workbench.create(handmade(service, workbench.name("slice"), {echo.pods[0].address: READY}, 8080))
    eventually(lambda: sweep(everyone, [service.at_cluster_ip()]), answered)

    others = {pod.address: READY for pod in echo.pods[1:]}
    workbench.create(handmade(service, workbench.name("slice"), others, 8080))
    with control("the proxy has come as far as a Service made later"):
        later = echo.service()
        eventually(lambda: sweep(everyone, [later.at_cluster_ip()], times=3), answered)
    after = sweep(everyone, [service.at_cluster_ip()], times=3)

    # Chosen anew, six clients would all be sent to the first of three endpoints once in 729 runs.
    assert after.all_answered
    assert after.backends == {echo.pods[0].name}


@behaviour(
    because="Traffic from within the cluster is routed to ready endpoints; affinity chooses among these.",
    spec=VIRTUAL_IPS + "#internal-traffic-policy",
    fails_under={"proxy/affinity-pins-unready-endpoint"},
)
def test_affinity_lets_go_of_an_endpoint_that_is_not_ready(workbench, client):
    """A client whose endpoint stops being ready, but still listens, goes to another and stays there."""
    pods = workbench.pods(count=2, readiness=True)
    service = pods.service(sessionAffinity="ClientIP")
    (first,) = eventually(lambda: client.tcp(service.at_cluster_ip(), times=EQUAL), answered_by_one).backends

    next(pod for pod in pods.pods if pod.name == first).vantage.ready(False)
    workbench.await_endpoints(service, 1)
    eventually(lambda: client.tcp(service.at_cluster_ip(), times=EQUAL), answered_by(pods.names - {first}))


@behaviour(
    because="Traffic goes to terminating endpoints only where all are terminating; affinity chooses among the others.",
    spec=VIRTUAL_IPS + "#traffic-to-terminating-endpoints",
    fails_under={"proxy/affinity-pins-terminating-endpoint"},
    kep=1669,
)
def test_affinity_lets_go_of_an_endpoint_that_terminates(workbench, client):
    """A client whose endpoint is being deleted, but still serves, goes to another that is ready and stays there."""
    pods = workbench.pods(count=2, linger=True, grace=30)
    service = pods.service(sessionAffinity="ClientIP")
    (first,) = eventually(lambda: client.tcp(service.at_cluster_ip(), times=EQUAL), answered_by_one).backends

    next(pod for pod in pods.pods if pod.name == first).delete()
    workbench.await_endpoints(service, 1)
    eventually(lambda: client.tcp(service.at_cluster_ip(), times=EQUAL), answered_by(pods.names - {first}))


@behaviour(
    because="timeoutSeconds is the longest time for which a client is kept on its pod.",
    otherwise=NO_TIMEOUT,
    spec=TIMEOUT,
    requires={Feature.AFFINITY_TIMEOUT},
    fails_under={
        "proxy/affinity-timeout-hardcoded",
        "proxy/affinity-timeout-hardcoded-for-udp",
    },
)
def test_affinity_ends_with_its_timeout(echo, client):
    """A client that is quiet for longer than timeoutSeconds may be sent to any endpoint again, over TCP and UDP."""
    service = echo.service(ports=TCP_AND_UDP, sessionAffinity="ClientIP", sessionAffinityConfig=timeout(1))
    targets = [service.at_cluster_ip("stream"), service.at_cluster_ip("datagram")]
    seen = eventually(lambda: client.probe(targets, times=3), answered)
    first = {probed.target: probed.answer.pod for probed in seen}
    kept = dict(first)

    def look():
        """Ask at those targets where the client has not been sent to another endpoint."""
        for probed in client.probe(list(kept)) if kept else ():
            if probed.answer and probed.answer.pod != first[probed.target]:
                del kept[probed.target]
        return sorted(map(str, kept))

    # Each look comes QUIET seconds after the one before: what is remembered has expired by then.
    looks = int(Judged.AFFINITY_FORGOTTEN.seconds / QUIET)
    by_chance(looks, len(targets) * alike(looks + 1, len(echo.names)))
    eventually(look, in_words("no target keeps the client", lambda keeping: not keeping), within=FORGOTTEN, every=QUIET)


@behaviour(
    because="timeoutSeconds sets how long a client is kept on its pod, in seconds.",
    otherwise="A proxy that does not claim affinity-timeout and has a time of its own.",
    spec=TIMEOUT,
    requires={Feature.AFFINITY_TIMEOUT},
    fails_under={"proxy/affinity-seconds-as-minutes"},
)
def test_affinity_lasts_as_long_as_its_timeout(echo, client):
    """A client that is quiet for less than timeoutSeconds is sent to the same endpoint again."""
    service = echo.service(sessionAffinity="ClientIP", sessionAffinityConfig=timeout(60))
    first = eventually(lambda: client.tcp(service.at_cluster_ip(), times=EQUAL), answered_by_one)

    # A sixtieth of the time: what is remembered for that long has gone several times over. A connection that is lost
    # shows nothing.
    consistently(lambda: client.tcp(service.at_cluster_ip()), nobody_answers_but(first.backends), lasting=7, every=1.7)
    with control("connections are still answered"):
        seen = eventually(lambda: client.tcp(service.at_cluster_ip()), answered, every=1.7)

    assert seen.backends == first.backends


@behaviour(
    because="What is kept on one pod are the connections of a particular client, told by its address.",
    requires={Capability.HOST_NETWORK, Capability.TWO_NODES},
    fails_under={"proxy/affinity-one-endpoint-for-all-clients"},
)
def test_affinity_is_each_clients_own(workbench, clients, hosts, sweep):
    """Different clients may be kept on different endpoints: affinity does not send all of them to one."""
    pods = workbench.pods(count=6)
    targets = [pods.service(sessionAffinity="ClientIP").at_cluster_ip() for _ in range(3)]
    everyone = [*clients, *hosts]

    seen = eventually(lambda: sweep(everyone, targets, times=5), answered)

    kept = defaultdict(set)
    for probe in seen:
        kept[probe.target.address, probe.vantage].add(probe.answer.pod)
    moved = {client: backends for client, backends in kept.items() if len(backends) > 1}
    assert moved == {}, "no client, by the address it asks and its name, reaches several endpoints"
    by_chance(len(seen), alike(len(everyone), len(pods.names)) ** len(targets))
    spread = [set().union(*(kept[at.address, vantage.name] for vantage in everyone)) for at in targets]
    most = max(map(len, spread))
    assert most > 1, "the number of endpoints that clients are kept on, at the Service where it is the highest, is"
