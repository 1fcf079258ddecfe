"""Connections that stay open at every door, while the Service and others change."""

from contextlib import ExitStack

from svcproof import MUST, PROXY, SHOULD, Feature, answered, behaviours, consistently, control, eventually, in_words

from ..clauses import TERMINATION, VIRTUAL_IPS
from .world import Doors

all_hold = in_words("every probe is answered", all)
behaviour = behaviours(
    by=PROXY,
    level=MUST,
    spec=VIRTUAL_IPS + "#ip-address-assignment-to-services",
    requires={Feature.NODE_PORT, Feature.EXTERNAL_IPS, Feature.LOAD_BALANCER},
    kep=5707,
)


def unmoved(before):
    """Make the predicate that each stream is answered by the endpoints that answered it before."""
    return in_words("each is answered by the endpoint that it has", lambda backends: backends == before)


@behaviour(
    because=(
        "A client that connects to a Service has its traffic transported to an endpoint: all of the connection's, as "
        "long as this endpoint and the port that was asked stay what they are."
    ),
    fails_under={"proxy/changes-cut-connections-from-outside", "proxy/edit-cuts-connections-of-its-service"},
)
def test_open_connections_outlive_changes_at_every_door(
    workbench, echo, db, nodes, spare_address, client, far_client, outsiders, everywhere
):
    """Open TCP connections to each address of a Service go on, each with its endpoint, when another Service comes and \
goes, and when the Service is labelled and given another port."""
    doors = Doors(workbench, spare_address)
    service = doors.service("lasting", echo.labels)
    targets = doors.targets_inside(service, nodes[-1], everywhere.claims)
    asked = [(asker, target) for asker in (client, far_client) for target in targets]
    asked += [(outsider, service.at_node(nodes[-1])) for outsider in outsiders[:1]]
    eventually(lambda: [asker.tcp(target).all_answered for asker, target in asked], all_hold)

    with ExitStack() as open_streams:
        streams = [open_streams.enter_context(asker.stream(target)) for asker, target in asked]
        before = [stream.exchange().backends for stream in streams]
        other = db.service()
        service.patch_metadata(labels={"svcproof.dev/edited": "yes"})
        service.patch(ports=[*service.spec["ports"], {"name": "more", "port": 9376, "targetPort": 8081}])
        with control("the proxy has come as far as the other Service and the other port"):
            added = service.at_cluster_ip("more")
            eventually(lambda: client.tcp(other.at_cluster_ip()) + far_client.tcp(added), answered)
        other.delete()
        consistently(lambda: [stream.exchange().backends for stream in streams], unmoved(before), lasting=1.5)


@behaviour(
    level=SHOULD,
    spec=TERMINATION,
    because="Connections that are open go on with an endpoint that takes no new ones, as long as it serves them.",
    fails_under={"proxy/endpoint-removal-kills-tcp-from-outside"},
)
def test_open_connections_outlive_the_end_of_their_endpoints_readiness(
    workbench, nodes, spare_address, client, far_client, everywhere
):
    """Open TCP connections to each address of a Service go on when some endpoints are being deleted, as long as \
these pods serve."""
    doors = Doors(workbench, spare_address)
    pods = workbench.pods(count=3, linger=True, grace=30)
    service = doors.service("ending", pods.labels)
    workbench.await_endpoints(service, 3)
    targets = doors.targets_inside(service, nodes[-1], everywhere.claims)
    asked = [(asker, target) for asker in (client, far_client) for target in targets]
    eventually(lambda: [asker.tcp(target).all_answered for asker, target in asked], all_hold)

    with ExitStack() as open_streams:
        streams = [open_streams.enter_context(asker.stream(target)) for asker, target in asked]
        before = [stream.exchange().backends for stream in streams]
        for pod in pods.pods[1:]:  # Were none ready, those that end would get new connections, too.
            pod.delete()
        workbench.await_endpoints(service, 1)
        consistently(lambda: [stream.exchange().backends for stream in streams], unmoved(before), lasting=2.0)
