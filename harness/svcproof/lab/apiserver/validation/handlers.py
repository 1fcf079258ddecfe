"""Probes, and the handlers of a container's start and end."""

from svcproof.json_objects import Object
from svcproof.lab.apiserver import names
from svcproof.lab.apiserver.errors import Cause, forbidden, invalid, not_supported, required
from svcproof.lab.apiserver.validation.service_ports import port_or_name

PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
KINDS = ("exec", "httpGet", "tcpSocket", "grpc", "sleep")
SCHEMES = ("HTTP", "HTTPS")
SPANS = ("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")


def validate_probe(probe: Object, field: str, kind: str) -> list[Cause]:
    """Return what is wrong with a probe of a kind, `livenessProbe` for one."""
    causes = _handler(probe, field)
    causes += names.counts(probe, SPANS, field)
    grace = probe.get("terminationGracePeriodSeconds")
    if grace is not None and kind == "readinessProbe":
        causes.append(invalid(f"{field}.terminationGracePeriodSeconds", grace, "must not be set for readinessProbes"))
    elif grace is not None and grace <= 0:
        causes.append(invalid(f"{field}.terminationGracePeriodSeconds", grace, "must be greater than 0"))
    if kind != "readinessProbe" and probe.get("successThreshold") != 1:
        causes.append(invalid(f"{field}.successThreshold", probe.get("successThreshold"), "must be 1"))
    return causes


def validate_lifecycle(lifecycle: Object, field: str) -> list[Cause]:
    """Return what is wrong with the handlers of a container's start and end."""
    causes: list[Cause] = []
    for key in ("postStart", "preStop"):
        if lifecycle.get(key) is not None:
            causes += _handler(lifecycle[key], f"{field}.{key}")
    return causes


def _handler(handler: Object, field: str) -> list[Cause]:
    kinds = [key for key in KINDS if handler.get(key) is not None]
    if not kinds:
        return [required(field, "must specify a handler type")]
    causes: list[Cause] = []
    if kinds[0] == "exec" and not handler["exec"].get("command"):
        causes.append(required(f"{field}.exec.command"))
    elif kinds[0] in {"httpGet", "tcpSocket"}:
        causes += port_or_name(handler[kinds[0]]["port"], f"{field}.{kinds[0]}.port")
    elif kinds[0] == "grpc":
        causes += names.check(names.port_number, handler["grpc"]["port"], f"{field}.grpc.port")
    scheme = handler["httpGet"].get("scheme") if kinds[0] == "httpGet" else None
    if scheme is not None and scheme not in SCHEMES:
        causes.append(not_supported(f"{field}.httpGet.scheme", scheme, SCHEMES))
    return [*causes, *(forbidden(f"{field}.{key}", "may not specify more than 1 handler type") for key in kinds[1:])]
