"""Faults that no lab can be told to have, since it lacks what they break: tests make them by hand.

`tests/kind/faults.py` says how those of `kind` are made, on a cluster of kind; `tests/lab/test_external_ips_off.py`
runs proxies whose declaration says that a switch is on.
"""

from svcproof.lab.faults import Fault

FAULTS_BY_HAND = (
    Fault(
        name="kind/always-single-stack",
        summary="Whatever ipFamilyPolicy says, a Service gets an address of its first family alone.",
    ),
    Fault(name="kind/always-dual-stack", summary="A Service keeps its second family, whatever ipFamilyPolicy says."),
    Fault(name="kind/always-ipv4-first", summary="A Service gets an IPv4 address first, whatever ipFamilies says."),
    Fault(name="kind/empty-endpoint-slices", summary="EndpointSlices are made, and no endpoint is in them."),
    Fault(
        name="kind/ipv4-not-served", summary="What is sent to ClusterIPs and node ports over IPv4 is not translated."
    ),
    Fault(
        name="kind/ipv6-not-served", summary="What is sent to ClusterIPs and node ports over IPv6 is not translated."
    ),
    Fault(
        name="kind/ipv6-sources-masqueraded",
        summary="Connections over IPv6 reach the backend with the address of a node.",
    ),
    Fault(
        name="kind/ipv6-affinity-forgotten", summary="Who a client of an IPv6 address was given is forgotten at once."
    ),
    Fault(name="kind/dns-without-aaaa", summary="The cluster's DNS has no AAAA records."),
    Fault(
        name="switch/external-ips-served", summary="A proxy that has been told not to serve externalIPs serves them."
    ),
)
