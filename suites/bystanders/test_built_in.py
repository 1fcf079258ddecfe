"""The names of the cluster's DNS, and the Services that a cluster has by itself, stay as they are beside others."""

from svcproof import (
    DNS,
    MUST,
    PROXY,
    Capability,
    Judged,
    as_promised,
    behaviour,
    control,
    equals,
    eventually,
    resolves,
)

from ..clauses import DNS_SPEC, VIRTUAL_IPS
from .neighbour import come_change_and_go


@behaviour(
    by=DNS,
    level=MUST,
    spec=DNS_SPEC,
    because="For each Service there are the records that follow from it and its endpoints.",
    requires={Capability.CLUSTER_DNS},
    fails_under={"dns/namespace-lost-with-a-name"},
)
def test_names_stay_resolved_beside_other_services(bystander, echo, dns):
    """The names of a headless Service and of an ExternalName stay while another Service of the namespace goes."""
    with control("the names are resolved before anything changes beside them"):
        eventually(bystander.look, as_promised, within=Judged.NAMES_RESOLVED)
    neighbour = echo.service(clusterIP="None")
    with control("the DNS has seen the neighbour"):
        eventually(lambda: dns(neighbour.dns_name), resolves, within=Judged.NAMES_RESOLVED)
    eventually(bystander.look, as_promised)

    neighbour.delete()
    with control("the DNS has seen that the neighbour is gone"):
        eventually(
            lambda: dns(neighbour.dns_name).code,
            equals("NXDOMAIN", "the answer for the name of the neighbour"),
            within=Judged.NAMES_RESOLVED,
        )
    eventually(bystander.look, as_promised)


@behaviour(
    by=PROXY,
    level=MUST,
    spec=VIRTUAL_IPS,
    because="Traffic to the ClusterIP of each Service is redirected to its own endpoints; names are per namespace.",
    requires={Capability.CLUSTER_DNS},
    fails_under={
        "proxy/namespaces-ignored",
        "proxy/same-name-elsewhere-deleted-too",
        "proxy/kubernetes-taken-over",
    },
)
def test_kubernetes_and_dns_stay_served_beside_other_services(bystander, echo, clients, sweep):
    """The API and the DNS are reached at their ClusterIPs while Services of their names come and go elsewhere."""
    come_change_and_go(bystander, echo, clients, sweep, name="kubernetes")
    come_change_and_go(bystander, echo, clients, sweep, name="kube-dns")
