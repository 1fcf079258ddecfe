"""Rules for names, labels, numbers and addresses, each a function that returns the problems of a value.

https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, TypeVar

from svcproof.lab.apiserver.errors import Cause, duplicate, invalid, not_supported, required

LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
SUBDOMAIN = rf"{LABEL}(\.{LABEL})*"
QUALIFIED = r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
VALUE = r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?"
CONFIG_KEY = r"[-._a-zA-Z0-9]+"
CONFIG_KEY_RULE = (
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or "
    "'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"
)
LABEL_RULE = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with "
    f"an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '{LABEL}')"
)
SUBDOMAIN_RULE = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and "
    "end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
    rf"'{SUBDOMAIN}')"
)
NAME_PART_RULE = (
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
    "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
    "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
)
VALUE_RULE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and "
    "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
    "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)
LEADING_ZEROS = "must not have leading 0s"


Value = TypeVar("Value", str, int)


def check(rule: Callable[[Value], list[str]], value: Value, field: str) -> list[Cause]:
    """Return a cause for each problem that `rule`, one of the functions below, reports of a value."""
    return [invalid(field, value, problem) for problem in rule(value)]


def check_required(rule: Callable[[Value], list[str]], value: Value, field: str) -> list[Cause]:
    """Return what `check` does, or the cause for a value that is empty or 0."""
    return check(rule, value, field) if value else [required(field)]


def check_optional(
    rule: Callable[[Value], list[str]], values: Mapping[str, Any], keys: Iterable[str], field: str
) -> list[Cause]:
    """Return what `check` does of the values under those of `keys` that are set."""
    given = (key for key in keys if values.get(key) is not None)
    return [cause for key in given for cause in check(rule, values[key], f"{field}.{key}")]


def check_choice(supported: Sequence[str], value: str | None, field: str) -> list[Cause]:
    """Return the cause for a value outside an enumeration; None is no value."""
    return [] if value is None or value in supported else [not_supported(field, value, supported)]


def check_each(rule: Callable[[Any, str], list[Cause]], values: Iterable[Any] | None, field: str) -> list[Cause]:
    """Return what `rule` does of each of `values` and its field."""
    return [cause for index, value in enumerate(values or ()) for cause in rule(value, f"{field}[{index}]")]


def check_new(value: str, taken: set[str], field: str) -> list[Cause]:
    """Return the cause for a value that is taken, and take it."""
    causes = [duplicate(field, value)] if value in taken else []
    taken.add(value)
    return causes


def missing(values: Mapping[str, Any], keys: Iterable[str], field: str) -> list[Cause]:
    """Return a cause for each of `keys` whose value is empty."""
    return [required(f"{field}.{key}") for key in keys if not values.get(key)]


def labels(pairs: dict[str, str], field: str) -> list[Cause]:
    """Return what is wrong with labels, or with an equality selector."""
    causes: list[Cause] = []
    for key, value in sorted(pairs.items()):
        causes += check(qualified_name, key, field)
        causes += check(label_value, value, field)
    return causes


def counts(values: Mapping[str, Any], keys: Iterable[str], field: str) -> list[Cause]:
    """Return what is wrong with the counts under `keys`; a missing count is 0."""
    return [cause for key in keys for cause in check(non_negative, values.get(key) or 0, f"{field}.{key}")]


def dns_label(value: str) -> list[str]:
    """The rule for an RFC 1123 label."""
    if re.fullmatch(LABEL, value):
        return _length_problem(value, 63)
    dotted = re.fullmatch(SUBDOMAIN, value) is not None
    return [*_length_problem(value, 63), "must not contain dots" if dotted else LABEL_RULE]


def dns_subdomain(value: str) -> list[str]:
    """The rule for an RFC 1123 subdomain."""
    return [*_length_problem(value, 253), *([] if re.fullmatch(SUBDOMAIN, value) else [SUBDOMAIN_RULE])]


def label_value(value: str) -> list[str]:
    """The rule for the value of a label."""
    return [*_length_problem(value, 63), *([] if re.fullmatch(VALUE, value) else [VALUE_RULE])]


def qualified_name(value: str) -> list[str]:
    """The rule for a name with an optional DNS prefix and a slash."""
    prefix, slash, name = value.rpartition("/")
    problems = []
    if slash and not re.fullmatch(SUBDOMAIN, prefix):
        problems.append(f"prefix part {SUBDOMAIN_RULE}" if prefix else "prefix part must be non-empty")
    if not name:
        problems.append("name part must be non-empty")
    problems += [f"name part {problem}" for problem in _length_problem(name, 63)]
    return problems if re.fullmatch(QUALIFIED, name) else [*problems, NAME_PART_RULE]


def config_key(value: str) -> list[str]:
    """The rule for a key of a ConfigMap or Secret."""
    problems = _length_problem(value, 253)
    if not re.fullmatch(CONFIG_KEY, value):
        problems.append(CONFIG_KEY_RULE)
    if value in {".", ".."} or value.startswith(".."):
        problems.append(f"must not be '{value}'" if value in {".", ".."} else "must not start with '..'")
    return problems


def port_number(value: int) -> list[str]:
    """The rule for the number of a port."""
    return [] if 1 <= value <= 65535 else ["must be between 1 and 65535, inclusive"]


def non_negative(value: int) -> list[str]:
    """The rule for a count, which may be 0."""
    return [] if value >= 0 else ["must be greater than or equal to 0"]


def port_name(value: str) -> list[str]:
    """The rule for an IANA service name: https://www.rfc-editor.org/rfc/rfc6335#section-5.1 ."""
    problems = []
    if len(value) > 15:
        problems.append("must be no more than 15 characters")
    if not re.fullmatch(r"[-a-z0-9]*", value):
        problems.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
    if not re.search(r"[a-z]", value):
        problems.append("must contain at least one letter (a-z)")
    if "--" in value:
        problems.append("must not contain consecutive hyphens")
    if value.startswith("-") or value.endswith("-"):
        problems.append("must not begin or end with a hyphen")
    return problems


def address(value: str) -> list[str]:
    """The rule for an IP address of either family, in its canonical form."""
    try:
        ip = ip_address(value)
    except ValueError:
        if re.fullmatch(r"\d+(\.\d+){3}", value) and all(int(part) < 256 for part in value.split(".")):
            return [LEADING_ZEROS]
        return ["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"]
    mapped = isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None
    return ["must not be an IPv4-mapped IPv6 address"] if mapped else []


def address_range(value: str) -> list[str]:
    """The rule for a range in CIDR notation."""
    problems = ["must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"]
    try:
        ip_network(value, strict=False)
    except ValueError:
        return problems
    return [] if "/" in value else problems


def endpoint_address(value: str) -> list[str]:
    """The rule for an address that other machines can reach."""
    ip = ip_address(value)
    problems = []
    if ip.is_unspecified:
        problems.append(f"may not be unspecified ({value})")
    if ip.is_loopback:
        problems.append("may not be in the loopback range (127.0.0.0/8, ::1/128)")
    if ip.is_link_local:
        problems.append("may not be in the link-local range (169.254.0.0/16, fe80::/10)")
    if value.startswith("224.0.0."):
        problems.append("may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)")
    return problems


def _length_problem(value: str, limit: int) -> list[str]:
    return [f"must be no more than {limit} bytes"] if len(value.encode()) > limit else []
