"""EndpointSlices that are odd, but legal, side by side, from everywhere at every door."""

from svcproof import MUST, PROXY, Capability, behaviours

from ..clauses import ENDPOINT_SLICES
from .world import READY, UNREADY, Doors, endpoint, listed

behaviour = behaviours(by=PROXY, level=MUST, spec=ENDPOINT_SLICES, kep=752, since="1.21")


def ports(**numbers):
    """The ports of a slice: `main` over TCP, `other` over UDP."""
    protocols = {"main": "TCP", "other": "UDP"}
    return [{"name": name, "port": number, "protocol": protocols[name]} for name, number in numbers.items()]


@behaviour(
    because="Each slice has ports of its own for its endpoints: a Service's port leads to those that have it.",
    fails_under={"proxy/missing-port-served-by-another", "proxy/one-target-port-for-all-endpoints"},
)
def test_each_slice_serves_the_ports_it_has(workbench, echo, db, spare_address, everywhere):
    """Each endpoint is asked at its own slice's ports, though other slices of its Service have other ports, or more."""
    doors = Doors(workbench, spare_address)
    first, second, third = echo.pods
    lacking, differing, alone = (
        doors.service(kind, ports=[doors.port(), doors.port(name="other", protocol="UDP")])
        for kind in ("lacking", "differing", "alone")
    )
    listed(workbench, lacking, endpoint(first), ports=ports(main=8080, other=8080))
    listed(workbench, lacking, endpoint(third), ports=ports(main=8080))
    listed(workbench, differing, endpoint(first), ports=ports(main=8080, other=8081))
    listed(workbench, differing, endpoint(third), ports=ports(main=8081, other=8080))
    listed(workbench, differing, endpoint(first), ports=ports(main=8081))
    listed(workbench, alone, endpoint(second), ports=ports(other=8080))
    listed(workbench, alone, endpoint(db.pods[0]), ports=ports(main=9376))

    everywhere(lacking, differing, alone)


@behaviour(
    because="A Service's endpoints are those of all slices of its family that name it, whatever else these have.",
    requires={Capability.TWO_NODES},
    fails_under={
        "proxy/endpoint-without-node-left-out",
        "proxy/endpoint-without-node-taken-for-local",
        "proxy/fqdn-slice-wedges-proxy",
    },
)
def test_odd_slices_take_nothing_from_those_beside_them(workbench, echo, spare_address, everywhere):
    """Endpoints without a node, slices of names, of the other family, without ports, without endpoints, and endpoints \
that nobody listens at take nothing from the endpoints beside them."""
    doors = Doors(workbench, spare_address)
    first, second, third = echo.pods
    no_node, others, twice, hinted = map(doors.service, ("no-node", "others", "twice", "hinted"))
    local = doors.service("local", internalTrafficPolicy="Local", externalTrafficPolicy="Local")
    nameless = {"addresses": [third.address], "conditions": READY}
    foreign = "2001:db8::9" if "." in first.address else "192.0.2.9"
    other_family = "IPv6" if "." in first.address else "IPv4"
    listed(workbench, no_node, nameless, endpoint(first))
    listed(workbench, local, nameless, endpoint(first))
    listed(workbench, others, {"addresses": ["web.example.com"]}, addressType="FQDN")
    listed(workbench, others, {"addresses": [foreign]}, addressType=other_family)
    listed(workbench, others, endpoint(third), ports=[])
    listed(workbench, others)
    listed(workbench, others, endpoint(second), endpoint(third, UNREADY))
    listed(workbench, twice, endpoint(first), endpoint(second))
    listed(workbench, twice, endpoint(second), endpoint(third))
    listed(workbench, hinted, endpoint(first, hints={"forZones": [{"name": "nowhere"}]}), endpoint(third))

    everywhere(no_node, local, others, twice, hinted)
