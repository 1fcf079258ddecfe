"""The limits that decide a verdict: what a part under test owes a user of the cluster."""

from svcproof.limits.limit import Limit


class Judged(Limit):
    """Waits of checks. What does not come in time counts against the part that it was expected of."""

    CONVERGENCE = (
        10.0,
        "The data path shows a change of the API. A proxy may declare another number, as `convergence`.",
        "Proxies gather changes for up to some seconds before they write rules, and write many rules for seconds.",
        20.0,  # After 30 s a pod's grace period is over, and the kernel forgets idle flows, whatever the proxy does.
    )
    PROBE = (
        1.0,
        "A probe is answered. A check may have another number, for what is slow or what must stay silent.",
        "An answer takes milliseconds; a second is for a machine on which the pod's process must wait for its turn.",
        5.0,  # Of a SYN that is lost several copies would get through; what was lost would pass as slow.
    )
    SLICES_WRITTEN = (
        30.0,
        "EndpointSlices show a change of a Service or of its pods.",
        "The controller gathers changes, tries again after a conflict, and waits for the kubelet's word on a pod.",
    )
    READINESS_NOTICED = (
        30.0,
        "A pod's Ready condition follows its readiness probe.",
        "The probe comes once a second, may have to fail several times, and the kubelet's status has to be written.",
    )
    CONTAINER_RESTARTED = (
        30.0,
        "A container that has ended runs again.",
        "The kubelet notices the end within seconds and makes the container anew; it waits longer only after crashes.",
    )
    NAMES_RESOLVED = (
        45.0,
        "The cluster's DNS shows a change.",
        "CoreDNS keeps answers for 30 s unless told otherwise, and takes some seconds to see the change.",
    )
    ADDRESS_ASSIGNED = (
        15.0,
        "A load balancer assigns the address of a Service, or takes it back.",
        "MetalLB's controller answers in less than a second; cloud controllers, which make something first, need more.",
    )
    ADDRESS_ANNOUNCED = (
        15.0,
        "A node answers ARP or neighbour discovery for an address of a load balancer.",
        "Speakers elect who answers, and a client's old entry has to be replaced.",
    )
    AFFINITY_FORGOTTEN = (
        60.0,
        "A client that was quiet for longer than its affinity lasts is answered by another endpoint.",
        "Any endpoint may be the next, the same one too: this is time for two dozen tries.",
    )
    CAUGHT_UP = (
        75.0,
        "The data path shows what changed in the API while the proxy could not reach the API server.",
        # defaultBackoffMax and defaultBackoffJitter of https://github.com/kubernetes/client-go/blob/v0.37.2/tools/cache/reflector.go
        "Clients of Kubernetes wait longer after each refusal, up to a minute, before they ask again.",
    )
    RESTART_GAP = (
        1.0,
        "New connections are answered again after none was, while the proxy of a node is restarted.",
        "None need be lost, since the rules of the proxy before are in force until there are new ones.",
        2.5,  # Proxies that tear their rules down have new ones after some three seconds.
    )
    RULES_BACK = (
        12.0,
        "Rules that another program removed from a node are back.",
        "It is recorded, not judged: kube-proxy looks every 30 s by default, others watch their rules or never look.",
        12.0,
    )
    SOCKET_MOVED = (
        4.0,
        "A UDP socket that was kept is answered by another endpoint, or no longer.",
        "It is recorded, not judged: other sockets have been answered in the new way before it is looked at.",
        4.0,  # An entry that the proxy forgot ends by itself after 30 s without an answer: nf_conntrack_udp_timeout.
    )
    REFUSAL_SEEN = (
        4.4,
        "The refusal of a closed port reaches a client, before refusals are judged.",
        "A node sends one client an ICMP error a second, so two looks in a row may need four of them.",
    )
    CHECK = (
        120.0,
        "A whole check ends, its preparation and its clearing up included.",
        "The longest has pods started, several changes awaited, and a name that must disappear from DNS.",
    )
