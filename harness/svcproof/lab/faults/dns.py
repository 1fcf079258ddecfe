"""Faults of the cluster's DNS: how names can lead astray while every proxy does its work."""

from svcproof.lab.faults import Fault

NO_SRV = Fault(name="dns/no-srv", summary="There are no SRV records.")
NO_PTR = Fault(name="dns/no-ptr", summary="There are no PTR records.")
NO_TXT = Fault(name="dns/no-schema-version", summary="The schema version is not published.")
NO_TCP = Fault(name="dns/no-tcp", summary="Queries over TCP are not answered.")
NO_UDP = Fault(name="dns/no-udp", summary="Queries over UDP are not answered.")
CASE_SENSITIVE = Fault(name="dns/case-sensitive", summary="Only names in lower case are known.")
NXDOMAIN_FOR_AAAA = Fault(
    name="dns/nxdomain-for-aaaa",
    summary="AAAA of a name that has only A records is NXDOMAIN, which makes resolvers give the name up.",
    source="https://github.com/coredns/coredns/issues/2842",
)
NODATA_FOR_MISSING = Fault(
    name="dns/nodata-for-missing", summary="Names that do not exist are answered NOERROR, without records."
)
NAMESPACE_IGNORED = Fault(
    name="dns/namespace-ignored", summary="A name leads to the first Service that is called so, in whatever namespace."
)
STALE_AFTER_DELETE = Fault(name="dns/stale-after-delete", summary="Names of deleted Services stay.")
STALE_AFTER_UPDATE = Fault(
    name="dns/stale-after-update", summary="What is answered for a Service is fixed when it is first seen."
)
WRONG_CLUSTER_IP = Fault(
    name="dns/wrong-cluster-ip", summary="A Service's name leads to the address after its ClusterIP."
)
EXTERNAL_ADDRESS = Fault(
    name="dns/load-balancer-address",
    summary="The name of a LoadBalancer Service leads to its external address instead of its ClusterIP.",
)
EXTERNAL_NAME_AS_ADDRESS = Fault(
    name="dns/external-name-as-address",
    summary="An ExternalName is answered with the address it stands for, without the CNAME.",
)
EXTERNAL_ADDRESS_LIKE_NAME = Fault(
    name="dns/address-like-external-name",
    summary="An ExternalName made of digits and dots is answered as the address it looks like.",
)
CNAME_WITHOUT_TARGET = Fault(
    name="dns/cname-without-target",
    summary="An ExternalName that names a Service is answered with the CNAME alone, not with the address too.",
)
UNREADY_IN_HEADLESS = Fault(
    name="dns/unready-in-headless", summary="A headless Service's name leads to endpoints that are not ready, too."
)
PUBLISHED_UNREADY_LEFT_OUT = Fault(
    name="dns/published-unready-left-out",
    summary="Endpoints that are not serving are left out though the Service says publishNotReadyAddresses.",
)
HEADLESS_ONLY_FIRST = Fault(
    name="dns/headless-only-first", summary="A headless Service's name leads to only one of its endpoints."
)
NO_ENDPOINT_NAMES = Fault(
    name="dns/no-endpoint-names", summary="Endpoints of headless Services have no names of their own."
)
SRV_WITH_TARGET_PORT = Fault(
    name="dns/srv-with-target-port", summary="SRV records of a ClusterIP Service hold the targetPort, not the port."
)
SRV_FOR_ANY_PROTOCOL = Fault(
    name="dns/srv-for-any-protocol", summary="Named ports have their SRV record under _tcp and _udp alike."
)

FAULTS = (
    NO_SRV,
    NO_PTR,
    NO_TXT,
    NO_TCP,
    NO_UDP,
    CASE_SENSITIVE,
    NXDOMAIN_FOR_AAAA,
    NODATA_FOR_MISSING,
    NAMESPACE_IGNORED,
    STALE_AFTER_DELETE,
    STALE_AFTER_UPDATE,
    WRONG_CLUSTER_IP,
    EXTERNAL_ADDRESS,
    EXTERNAL_NAME_AS_ADDRESS,
    EXTERNAL_ADDRESS_LIKE_NAME,
    CNAME_WITHOUT_TARGET,
    UNREADY_IN_HEADLESS,
    PUBLISHED_UNREADY_LEFT_OUT,
    HEADLESS_ONLY_FIRST,
    NO_ENDPOINT_NAMES,
    SRV_WITH_TARGET_PORT,
    SRV_FOR_ANY_PROTOCOL,
)
