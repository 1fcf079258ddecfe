"""The Kubernetes enhancements (KEPs) that behaviours name: title, directory, and the release that made each stable.

From the `kep.yaml` of each, in https://github.com/kubernetes/enhancements at commit 64765b4.
"""

from dataclasses import dataclass

ENHANCEMENTS = "https://github.com/kubernetes/enhancements/tree/master/keps/"


@dataclass(frozen=True, slots=True)
class Kep:
    """One enhancement; `stable` is empty where no release has made it so."""

    number: int
    title: str
    stable: str
    directory: str

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


KEPS = {
    kep.number: kep
    for kep in (
        Kep(504, "Configurable pod DNS", "1.14", "sig-network/504-configurable-pod-dns"),
        Kep(563, "IPv4/IPv6 dual stack", "1.23", "sig-network/563-dual-stack"),
        Kep(752, "EndpointSlice API", "1.21", "sig-network/0752-endpointslices"),
        Kep(753, "Sidecar containers", "1.33", "sig-node/753-sidecar-containers"),
        Kep(1669, "Proxy terminating endpoints", "1.28", "sig-network/1669-proxy-terminating-endpoints"),
        Kep(1672, "Tracking terminating endpoints", "1.26", "sig-network/1672-tracking-terminating-endpoints"),
        Kep(1860, "Load balancer IP mode", "1.32", "sig-network/1860-kube-proxy-IP-node-binding"),
        Kep(1864, "Disable load balancer node ports", "1.24", "sig-network/1864-disable-lb-node-ports"),
        Kep(1959, "Load balancer class", "1.24", "sig-cloud-provider/1959-service-lb-class-field"),
        Kep(2086, "Service internal traffic policy", "1.26", "sig-network/2086-service-internal-traffic-policy"),
        Kep(2433, "Topology aware hints", "1.33", "sig-network/2433-topology-aware-hints"),
        Kep(
            2447,
            "service-proxy-name label",
            "1.14",
            "sig-network/2447-Make-kube-proxy-service-abstraction-optional",
        ),
        Kep(3668, "Reserved node port range", "1.29", "sig-network/3668-reserved-service-nodeport-range"),
        Kep(4444, "Traffic distribution for Services", "1.33", "sig-network/4444-service-traffic-distribution"),
        Kep(5707, "Deprecate Service externalIPs", "", "sig-network/5707-deprecate-service-externalips"),
    )
}
