"""Ingresses and their classes: https://kubernetes.io/docs/concepts/services-networking/ingress/ ."""

from functools import partial

from svcproof.json_objects import Object
from svcproof.lab.apiserver import names
from svcproof.lab.apiserver.errors import Cause, invalid, not_supported, required

PATHS = ("Exact", "ImplementationSpecific", "Prefix")
SCOPES = ("Cluster", "Namespace")
ODD_PARTS = ("//", "/./", "/../", "%2f", "%2F")


def validate_ingress(item: Object) -> list[Cause]:
    """Return what is wrong with an Ingress."""
    spec, causes = item["spec"], list[Cause]()
    rules, default = spec.get("rules") or [], spec.get("defaultBackend")
    if not rules and default is None:
        causes.append(invalid("spec", None, "either `defaultBackend` or `rules` must be specified"))
    if default is not None:
        causes += _backend(default, "spec.defaultBackend")
    causes += names.check_each(_rule, rules, "spec.rules")
    for index, secured in enumerate(spec.get("tls") or []):
        causes += names.check_each(partial(names.check, _host), secured.get("hosts"), f"spec.tls[{index}].hosts")
    return [*causes, *names.check_optional(names.dns_subdomain, spec, ("ingressClassName",), "spec")]


def validate_ingress_class(item: Object) -> list[Cause]:
    """Return what is wrong with an IngressClass."""
    spec, causes = item["spec"], list[Cause]()
    controller, parameters = spec.get("controller", ""), spec.get("parameters")
    domain, slash, path = controller.partition("/")
    if not controller:
        causes.append(required("spec.controller"))
    elif not slash or not path or names.dns_subdomain(domain):
        why = 'must be a domain-prefixed path (such as "acme.io/foo")'
        causes.append(invalid("spec.controller", controller, why))
    if parameters is None:
        return causes
    causes += names.missing(parameters, ("kind", "name"), "spec.parameters")
    if parameters["scope"] not in SCOPES:
        causes.append(not_supported("spec.parameters.scope", parameters["scope"], SCOPES))
    elif parameters["scope"] == "Namespace" and not parameters.get("namespace"):
        why = "`parameters.scope` is set to 'Namespace'"
        causes.append(required("spec.parameters.namespace", why))
    return causes


def _rule(rule: Object, field: str) -> list[Cause]:
    causes: list[Cause] = []
    host, http = rule.get("host", ""), rule.get("http")
    if host and not names.address(host):
        causes.append(invalid(f"{field}.host", host, "must be a DNS name, not an IP address"))
    elif host:
        causes += names.check(_host, host, f"{field}.host")
    if http is not None and not http.get("paths"):
        causes.append(required(f"{field}.http.paths"))
    return [*causes, *names.check_each(_path, (http or {}).get("paths"), f"{field}.http.paths")]


def _path(path: Object, field: str) -> list[Cause]:
    kind, text, causes = path.get("pathType"), path.get("path", ""), list[Cause]()
    if kind is None:
        causes.append(required(f"{field}.pathType", "pathType must be specified"))
    elif kind not in PATHS:
        causes.append(not_supported(f"{field}.pathType", kind, PATHS))
    elif kind != "ImplementationSpecific" and not text.startswith("/"):
        causes.append(invalid(f"{field}.path", text, "must be an absolute path"))
    elif kind != "ImplementationSpecific":
        causes += [invalid(f"{field}.path", text, f"must not contain '{part}'") for part in ODD_PARTS if part in text]
    return [*causes, *_backend(path["backend"], f"{field}.backend")]


def _backend(backend: Object, field: str) -> list[Cause]:
    service, resource = backend.get("service"), backend.get("resource")
    if service is not None and resource is not None:
        return [invalid(field, "", "cannot set both resource and service backends")]
    if service is None:
        return [] if resource is not None else [invalid(field, "", "resource or service backend is required")]
    causes, port = names.missing(service, ("name",), f"{field}.service"), service["port"]
    if port.get("name") and port.get("number"):
        causes.append(invalid(field, "", "cannot set both port name & port number"))
    elif port.get("name"):
        causes += names.check(names.port_name, port["name"], f"{field}.service.port.name")
    elif port.get("number"):
        causes += names.check(names.port_number, port["number"], f"{field}.service.port.number")
    else:
        causes.append(required(field, "port name or number is required"))
    return causes


def _host(host: str) -> list[str]:
    """The rule for a DNS name whose first part may be a star."""
    return names.dns_subdomain(host.removeprefix("*."))
