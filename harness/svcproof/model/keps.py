"""The Kubernetes enhancements (KEPs) about Services: title, directory, the release that made each stable, who keeps it.

From the `kep.yaml` of each, in https://github.com/kubernetes/enhancements at commit 64765b4. Who keeps it is what
KEP-5922 says, as https://github.com/kubernetes/enhancements/pull/5923 was on 2 June 2026; its table is by its own
words vague, from a survey. From which release on one is on by default, as a beta, is in the `pkg/features` of each
release of Kubernetes.
"""

from collections.abc import Iterable
from dataclasses import dataclass

BASE = "base API"
"""The name of what no enhancement promises."""
ENHANCEMENTS = "https://github.com/kubernetes/enhancements/tree/master/keps/"


@dataclass(frozen=True, slots=True)
class Kep:
    """One enhancement; `stable` is empty where no release has made it so, `kept_by` where KEP-5922 does not list it.

    `beta` is the release from which on its feature gate is on by default, without being stable; empty where there was
    none.
    """

    number: int
    title: str
    beta: str
    stable: str
    directory: str
    kept_by: str = ""

    @property
    def url(self) -> str:
        """The page of its directory."""
        return ENHANCEMENTS + self.directory


def called(number: int | None) -> str:
    """The name of an enhancement in reports: its number, with its title where it is known here."""
    if number is None:
        return "no enhancement"
    kep = KEPS.get(number)
    return f"KEP-{number} {kep.title}" if kep else f"KEP-{number}"


def kept_by(number: int | None) -> str:
    """Those who keep an enhancement, in the words of KEP-5922; empty where it does not list it."""
    kep = KEPS.get(number) if number is not None else None
    return kep.kept_by if kep else ""


def unasked(numbers: Iterable[int | None]) -> tuple[Kep, ...]:
    """The enhancements that KEP-5922 lists and that are none of these, by number."""
    asked = set(numbers)
    return tuple(KEPS[number] for number in sorted(KEPS) if KEPS[number].kept_by and number not in asked)


KEPS = {
    kep.number: kep
    for kep in (
        Kep(504, "Configurable pod DNS", "1.10", "1.14", "sig-network/504-configurable-pod-dns"),
        Kep(
            563,
            "IPv4/IPv6 dual stack",
            "1.21",
            "1.23",
            "sig-network/563-dual-stack",
            "most pod networks, most service proxies?",
        ),
        Kep(614, "SCTP", "1.19", "1.20", "sig-network/614-SCTP-support", "some pod networks, some service proxies"),
        Kep(752, "EndpointSlice API", "", "1.21", "sig-network/0752-endpointslices", "all service proxies?"),
        Kep(753, "Sidecar containers", "1.29", "1.33", "sig-node/753-sidecar-containers"),
        Kep(1138, "IPv6 single stack", "", "1.23", "sig-network/1138-ipv6", "most pod networks, most service proxies?"),
        Kep(
            1435,
            "Mixed protocols in a LoadBalancer Service",
            "1.24",
            "1.26",
            "sig-network/1435-mixed-protocol-lb",
            "few cloud load balancers",
        ),
        Kep(
            1669,
            "Proxy terminating endpoints",
            "1.26",
            "1.28",
            "sig-network/1669-proxy-terminating-endpoints",
            "most service proxies",
        ),
        Kep(1672, "Tracking terminating endpoints", "1.22", "1.26", "sig-network/1672-tracking-terminating-endpoints"),
        Kep(
            1860,
            "Load balancer IP mode",
            "1.30",
            "1.32",
            "sig-network/1860-kube-proxy-IP-node-binding",
            "few service proxies, some cloud load balancers",
        ),
        Kep(1864, "Disable load balancer node ports", "1.22", "1.24", "sig-network/1864-disable-lb-node-ports"),
        Kep(1880, "Multiple Service CIDRs", "", "1.33", "sig-network/1880-multiple-service-cidrs", "???"),
        Kep(1959, "Load balancer class", "1.22", "1.24", "sig-cloud-provider/1959-service-lb-class-field"),
        Kep(
            2086,
            "Service internal traffic policy",
            "1.22",
            "1.26",
            "sig-network/2086-service-internal-traffic-policy",
            "some service proxies",
        ),
        # Before, an annotation has to ask for hints to be heeded: the gate of KEP-4444 ends that.
        Kep(
            2433,
            "Topology aware hints",
            "1.31",
            "1.33",
            "sig-network/2433-topology-aware-hints",
            "some service proxies",
        ),
        Kep(
            2447,
            "service-proxy-name label",
            "",
            "1.14",
            "sig-network/2447-Make-kube-proxy-service-abstraction-optional",
            "most service proxies",
        ),
        Kep(
            3015,
            "PreferSameZone and PreferSameNode",
            "1.34",
            "1.35",
            "sig-network/3015-prefer-same-node",
            "few service proxies",
        ),
        Kep(3668, "Reserved node port range", "1.28", "1.29", "sig-network/3668-reserved-service-nodeport-range"),
        Kep(
            3836,
            "Health checks of draining nodes",
            "1.30",
            "1.31",
            "sig-network/3836-kube-proxy-improved-ingress-connectivity-reliability",
            "few service proxies, few cloud load balancers?",
        ),
        Kep(
            4444,
            "Traffic distribution for Services",
            "1.31",
            "1.33",
            "sig-network/4444-service-traffic-distribution",
            "some service proxies",
        ),
        Kep(
            5707, "External IPs, until they are switched off", "", "", "sig-network/5707-deprecate-service-externalips"
        ),
    )
}
