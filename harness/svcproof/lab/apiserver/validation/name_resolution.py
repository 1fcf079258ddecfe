"""What a pod asks for names: https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/ ."""

import re

from svcproof.json_objects import Object
from svcproof.lab.apiserver import names
from svcproof.lab.apiserver.errors import Cause, invalid, required

MOST_SERVERS = 3
SEARCHED = r"_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*"
SEARCHED_WANTED = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must "
    "start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
    f"'{SEARCHED}')"
)


def validate_name_resolution(spec: Object, field: str) -> list[Cause]:
    """Return what is wrong with dnsConfig."""
    config, causes = spec.get("dnsConfig") or {}, list[Cause]()
    servers, here = config.get("nameservers") or [], f"{field}.dnsConfig"
    if spec.get("dnsPolicy") == "None" and not config:
        causes.append(required(here, "must provide `dnsConfig` when `dnsPolicy` is None"))
    elif spec.get("dnsPolicy") == "None" and not servers:
        why = "must provide at least one DNS nameserver when `dnsPolicy` is None"
        causes.append(required(f"{here}.nameservers", why))
    if len(servers) > MOST_SERVERS:
        why = f"must not have more than {MOST_SERVERS} nameservers"
        causes.append(invalid(f"{here}.nameservers", servers, why))
    for index, address in enumerate(servers):
        causes += names.check(names.address, address, f"{here}.nameservers[{index}]")
    for index, domain in enumerate(config.get("searches") or []):
        if domain != "." and not re.fullmatch(SEARCHED, domain.removesuffix(".")):
            causes.append(invalid(f"{here}.searches[{index}]", domain, SEARCHED_WANTED))
    for index, option in enumerate(config.get("options") or []):
        if not option.get("name"):
            causes.append(required(f"{here}.options[{index}]", "must not be empty"))
    return causes


def validate_host_aliases(spec: Object, field: str) -> list[Cause]:
    """Return what is wrong with the entries for a pod's hosts file."""
    causes: list[Cause] = []
    for index, alias in enumerate(spec.get("hostAliases") or []):
        here = f"{field}.hostAliases[{index}]"
        causes += names.check(names.address, alias["ip"], f"{here}.ip")
        for number, name in enumerate(alias.get("hostnames") or []):
            causes += names.check(names.dns_subdomain, name, f"{here}.hostnames[{number}]")
    return causes
