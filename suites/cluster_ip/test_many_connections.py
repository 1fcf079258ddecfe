"""Not one connection of many is lost."""

from svcproof import (
    MUST,
    PROXY,
    answered,
    behaviours,
    consistently,
    eventually,
    in_words,
)

from ..clauses import VIRTUAL_IPS

AT_ONCE = 20
PATIENT = 5.0
"""Seconds: enough for a busy machine, and for a SYN sent again."""
behaviour = behaviours(by=PROXY, level=MUST, spec=VIRTUAL_IPS + "#ip-address-assignment-to-services")


def all_but_a_few(seen):
    """Of twenty connections one may be lost, and five may need a segment sent again: a starved machine loses some."""
    answered_ones = [probe for probe in seen if probe.answer]
    return len(answered_ones) >= len(seen) - 1 and sum(probe.resent > 0 for probe in answered_ones) <= AT_ONCE // 4


@behaviour(
    because=(
        "A client that connects to a Service's virtual IP has its traffic transported to an appropriate "
        "endpoint, at whatever time it connects."
    ),
    fails_under={"proxy/connections-lost-in-bursts"},
)
def test_cluster_ip_answers_at_any_time(echo, client):
    """For several seconds on end new connections to a ClusterIP are answered, all but a few at the first attempt."""
    service = echo.service()
    eventually(lambda: client.tcp(service.at_cluster_ip(), times=5), answered)

    consistently(
        lambda: client.tcp(service.at_cluster_ip(), times=AT_ONCE, timeout=PATIENT),
        in_words("all but a few connections are answered at the first attempt", all_but_a_few),
        lasting=6.0,
    )
