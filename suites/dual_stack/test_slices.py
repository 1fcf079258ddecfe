"""EndpointSlices per IP family."""

from svcproof import CONTROLLERS, MUST, Capability, Judged, behaviours, equals, eventually

from ..clauses import ENDPOINT_SLICES
from ..families import BOTH, of

ADDRESS_TYPES = ENDPOINT_SLICES + "#address-types"
IN_SLICES = "the list of addresses in the EndpointSlices, by type,"
OF_EACH_TYPE = "An EndpointSlice is of one address type; a Service of two families has slices of each."
behaviour = behaviours(
    by=CONTROLLERS, level=MUST, spec=ADDRESS_TYPES, requires={Capability.DUAL_STACK}, kep=563, since="1.23"
)


def by_type(service):
    """Address type to the addresses in the Service's slices of that type."""
    slices = service.slices
    return {
        kind: {
            address
            for piece in slices
            if piece["addressType"] == kind
            for endpoint in piece.get("endpoints") or ()
            for address in endpoint["addresses"]
        }
        for kind in {piece["addressType"] for piece in slices}
    }


def own(pods, family):
    """The addresses of one family that pods have."""
    return {address for pod in pods for address in of(family, pod.vantage.addresses)}


@behaviour(because=OF_EACH_TYPE, fails_under={"kind/empty-endpoint-slices", "kind/always-single-stack"})
def test_dual_stack_service_has_endpoint_slices_of_each_family(echo):
    """A dual-stack Service has EndpointSlices of both address types, each with the pods' addresses of that family."""
    service = echo.service(wait=False, ipFamilyPolicy="PreferDualStack")
    expected = {family: own(echo.pods, family) for family in BOTH}

    eventually(lambda: by_type(service), equals(expected, IN_SLICES), within=Judged.SLICES_WRITTEN)


@behaviour(because=OF_EACH_TYPE, fails_under={"kind/empty-endpoint-slices", "kind/always-ipv4-first"})
def test_single_stack_service_has_endpoint_slices_of_its_family_alone(echo):
    """A single-stack IPv6 Service has EndpointSlices with its pods' IPv6 addresses, and no others."""
    service = echo.service(wait=False, ipFamilyPolicy="SingleStack", ipFamilies=["IPv6"])
    expected = {"IPv6": own(echo.pods, "IPv6")}

    eventually(lambda: by_type(service), equals(expected, IN_SLICES), within=Judged.SLICES_WRITTEN)
