"""DNS settings of a pod: https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/ ."""

import re

from svcproof.json_objects import Object
from svcproof.lab.apiserver import names
from svcproof.lab.apiserver.errors import Cause, invalid, required

MOST_SERVERS = 3
SEARCH_DOMAIN = r"_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*"
SEARCH_DOMAIN_RULE = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must "
    "start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
    f"'{SEARCH_DOMAIN}')"
)


def validate_name_resolution(spec: Object, field: str) -> list[Cause]:
    """Return what is wrong with dnsConfig."""
    config, causes = spec.get("dnsConfig") or {}, list[Cause]()
    servers, config_field = config.get("nameservers") or [], f"{field}.dnsConfig"
    if spec.get("dnsPolicy") == "None" and not config:
        causes.append(required(config_field, "must provide `dnsConfig` when `dnsPolicy` is None"))
    elif spec.get("dnsPolicy") == "None" and not servers:
        why = "must provide at least one DNS nameserver when `dnsPolicy` is None"
        causes.append(required(f"{config_field}.nameservers", why))
    if len(servers) > MOST_SERVERS:
        why = f"must not have more than {MOST_SERVERS} nameservers"
        causes.append(invalid(f"{config_field}.nameservers", servers, why))
    for index, address in enumerate(servers):
        causes += names.check(names.address, address, f"{config_field}.nameservers[{index}]")
    for index, domain in enumerate(config.get("searches") or []):
        if domain != "." and not re.fullmatch(SEARCH_DOMAIN, domain.removesuffix(".")):
            causes.append(invalid(f"{config_field}.searches[{index}]", domain, SEARCH_DOMAIN_RULE))
    for index, option in enumerate(config.get("options") or []):
        if not option.get("name"):
            causes.append(required(f"{config_field}.options[{index}]", "must not be empty"))
    return causes


def validate_host_aliases(spec: Object, field: str) -> list[Cause]:
    """Return what is wrong with the entries for a pod's hosts file."""
    causes: list[Cause] = []
    for index, alias in enumerate(spec.get("hostAliases") or []):
        alias_field = f"{field}.hostAliases[{index}]"
        causes += names.check(names.address, alias["ip"], f"{alias_field}.ip")
        for number, name in enumerate(alias.get("hostnames") or []):
            causes += names.check(names.dns_subdomain, name, f"{alias_field}.hostnames[{number}]")
    return causes
