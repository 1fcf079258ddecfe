"""status.loadBalancer of Services."""

from svcproof.json_objects import Object
from svcproof.lab.apiserver import names
from svcproof.lab.apiserver.errors import Cause, forbidden, invalid, not_supported, required

MODES = ("Proxy", "VIP")


def validate_service_status(service: Object) -> list[Cause]:
    """Return what is wrong with the addresses that a load balancer has set."""
    field = "status.loadBalancer.ingress"
    ingress = ((service.get("status") or {}).get("loadBalancer") or {}).get("ingress") or []
    if ingress and service["spec"]["type"] != "LoadBalancer":
        return [forbidden(field, "may only be used when `spec.type` is LoadBalancer")]
    causes: list[Cause] = []
    for index, one in enumerate(ingress):
        causes += _ingress(one, f"{field}[{index}]")
    return causes


def _ingress(one: Object, field: str) -> list[Cause]:
    causes: list[Cause] = []
    if one.get("ip"):
        causes += names.check(names.address, one["ip"], f"{field}.ip")
        if not one.get("ipMode"):
            causes.append(required(f"{field}.ipMode", "must be specified when `ip` is set"))
    elif one.get("ipMode"):
        causes.append(forbidden(f"{field}.ipMode", "may not be specified when `ip` is not set"))
    if one.get("ipMode") and one["ipMode"] not in MODES:
        causes.append(not_supported(f"{field}.ipMode", one["ipMode"], MODES))
    if one.get("hostname"):
        causes += names.check(names.dns_subdomain, one["hostname"], f"{field}.hostname")
        if not names.address(one["hostname"]):
            causes.append(invalid(f"{field}.hostname", one["hostname"], "must be a DNS name, not an IP address"))
    return causes
