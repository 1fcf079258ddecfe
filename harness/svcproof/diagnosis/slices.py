"""Divergences of EndpointSlices from the Service's selector and the pods: a controller's doing."""

from collections.abc import Iterator, Mapping
from typing import Any

from svcproof.diagnosis.api_view import ApiView, Dated, Endpoint, endpoints_in, labels, pod_addresses
from svcproof.diagnosis.case import Case
from svcproof.diagnosis.phrases import listed
from svcproof.model.divergence import Divergence

MANAGED_BY = "endpointslice.kubernetes.io/managed-by"
HEADLESS = "service.kubernetes.io/headless"
CONTROLLER = "endpointslice-controller.k8s.io"


def misgrouped(case: Case) -> Divergence | None:
    """The EndpointSlices of a Service are not what its selector and the pods make them."""
    if case.looks or case.lookups or "endpoint" not in case.expectation.words.lower():
        return None
    for dated in case.view.existing("Service"):
        for subject, node, sentence in _wrong(case.view, dated):
            return Divergence(sentence=sentence, node=node, object=subject)
    return None


def _wrong(view: ApiView, dated: Dated) -> Iterator[tuple[str, str, str]]:
    """Yield the object, the node and a sentence for each difference."""
    own = [each for each in view.slices(dated.state) if labels(each.state).get(MANAGED_BY) == CONTROLLER]
    selector = dated.spec.get("selector") or {}
    if own and (dated.spec.get("type") == "ExternalName" or not selector):
        why = "is an ExternalName" if dated.spec.get("type") == "ExternalName" else "has no selector"
        yield (
            f"EndpointSlice {own[0].name}",
            "",
            f"a controller made EndpointSlice {own[0].name} for Service {dated.name}, which {why}",
        )
    if not selector or dated.spec.get("type") == "ExternalName":
        return
    pods = {
        address: pod
        for pod in view.existing("Pod")
        if pod.state.namespace == dated.state.namespace and selector.items() <= labels(pod.state).items()
        for address in pod_addresses(pod.state)
    }
    endpoints = [endpoint for each in own for endpoint in endpoints_in(each.state)]
    for endpoint in endpoints:
        yield from _wrong_endpoint(view, dated, pods, endpoint)
    yield from _missing(dated, pods, endpoints, own)


def _wrong_endpoint(
    view: ApiView, service: Dated, pods: Mapping[str, Dated], endpoint: Endpoint
) -> Iterator[tuple[str, str, str]]:
    subject = f"EndpointSlice {endpoint.slice}"
    pod = pods.get(endpoint.address)
    if pod is None:
        owner, on = view.pod_of(endpoint), f" on {endpoint.node}" if endpoint.node else ""
        selector = ", ".join(f"{key}={value}" for key, value in service.spec["selector"].items())
        yield (
            subject,
            endpoint.node,
            (
                f"{subject} names {endpoint.address} ({owner or 'nobody known'}{on}), which is no pod that the selector"
                f" {selector} of Service {service.name} matches"
            ),
        )
        return
    title = f"{endpoint.address} ({pod.name} on {pod.spec.get('nodeName')})"
    status, metadata = pod.state.content.get("status") or {}, pod.state.content.get("metadata") or {}
    leaving = "deletionTimestamp" in metadata
    ready = bool(service.spec.get("publishNotReadyAddresses")) or (bool(status.get("ready")) and not leaving)
    if endpoint.ready != ready:
        state = "terminating" if leaving else "ready" if status.get("ready") else "not ready"
        yield (
            subject,
            endpoint.node,
            (
                f"{subject} says that {title} is {'' if endpoint.ready else 'not '}ready; the pod is {state}"
                f"{', and the Service publishes such' if service.spec.get('publishNotReadyAddresses') else ''}"
            ),
        )
    if endpoint.terminating != leaving:
        verb = "is" if endpoint.terminating else "is not"
        yield (
            subject,
            endpoint.node,
            f"{subject} says that {title} {verb} terminating; the pod {'is' if leaving else 'is not'}",
        )
    if endpoint.node != (pod.spec.get("nodeName") or ""):
        yield subject, str(pod.spec.get("nodeName")), f"{subject} names {endpoint.node or 'no node'} for {title}"
    yield from _wrong_port(service, endpoint, pod, title)


def _wrong_port(service: Dated, endpoint: Endpoint, pod: Dated, title: str) -> Iterator[tuple[str, str, str]]:
    port = _port(service.spec, endpoint)
    named = (pod.state.content.get("spec") or {}).get("ports") or {}
    target = port.get("targetPort", port.get("port")) if port else None
    wanted = named.get(target) if isinstance(target, str) else target
    if wanted and endpoint.port != wanted:
        subject = f"EndpointSlice {endpoint.slice}"
        why = f"the targetPort of Service {service.name} is {target}"
        why += f", {wanted} in that pod" if target != wanted else ""
        yield (
            subject,
            endpoint.node,
            f"{subject} names {f'port {endpoint.port}' if endpoint.port else 'no port'} of {title}; {why}",
        )


def _missing(
    service: Dated, pods: Mapping[str, Dated], endpoints: list[Endpoint], own: list[Dated]
) -> Iterator[tuple[str, str, str]]:
    families = service.spec.get("ipFamilies") or ["IPv4"]
    named = {endpoint.address for endpoint in endpoints}
    missing = {
        f"{address} ({pod.name} on {pod.spec.get('nodeName')})"
        for address, pod in pods.items()
        if address not in named and ("IPv6" if ":" in address else "IPv4") in families
        if (pod.state.content.get("status") or {}).get("ready") or service.spec.get("publishNotReadyAddresses")
    }
    subject = f"EndpointSlice {own[0].name}" if own else f"Service {service.name}"
    if missing:
        what = f"{subject} does not name" if own else f"no EndpointSlice of {subject} names"
        yield subject, "", f"{what} {listed(missing)}, whom its selector matches"
    if own and service.spec.get("clusterIP") == "None" and not any(HEADLESS in labels(each.state) for each in own):
        yield subject, "", f"{subject} lacks the label {HEADLESS}; Service {service.name} is headless"
    ports = {port.get("name") or "" for each in own for port in each.state.content.get("ports") or ()}
    for port in service.spec.get("ports") or ():
        if endpoints and not missing and (port.get("name") or "") not in ports:
            yield subject, "", f"{subject} lacks port {_title(port)} of Service {service.name}"


def _title(port: Mapping[str, Any]) -> str:
    return f"{port['name']} ({port['port']})" if port.get("name") else str(port["port"])


def _port(spec: Mapping[str, Any], endpoint: Endpoint) -> Mapping[str, Any] | None:
    ports = spec.get("ports") or ()
    return next((port for port in ports if (port.get("name") or "") == endpoint.port_name), None)
