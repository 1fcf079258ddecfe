"""Faults that no lab can be told to have, since it lacks what they break: tests make them by hand.

`tests/kind/faults.py` says how those of `kind` are made, on a cluster of kind; `tests/lab/test_external_ips_off.py`
runs proxies whose declaration says that a switch is on.
"""

FAULTS_BY_HAND = {
    "kind/always-single-stack": "Whatever ipFamilyPolicy says, a Service gets an address of its first family alone.",
    "kind/always-dual-stack": "A Service keeps its second family, whatever ipFamilyPolicy says.",
    "kind/always-ipv4-first": "A Service gets an IPv4 address first, whatever ipFamilies says.",
    "kind/empty-endpoint-slices": "EndpointSlices are made, and no endpoint is in them.",
    "kind/ipv4-not-served": "What is sent to ClusterIPs and node ports over IPv4 is not translated.",
    "kind/ipv6-not-served": "What is sent to ClusterIPs and node ports over IPv6 is not translated.",
    "kind/ipv6-sources-masqueraded": "Connections over IPv6 reach the backend with the address of a node.",
    "kind/ipv6-affinity-forgotten": "Who a client of an IPv6 address was given is forgotten at once.",
    "kind/dns-without-aaaa": "The cluster's DNS has no AAAA records.",
    "switch/external-ips-served": "A proxy that has been told not to serve externalIPs serves them.",
}
