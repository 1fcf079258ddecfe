"""Waiting for what an edit goes through: controllers, so that the proxy alone is waited for, and the proxy itself."""

from svcproof import Judged, Seen, answered, control, equals, eventually

from ..families import family


def await_controllers(service):
    """Wait until the EndpointSlices of a Service with a selector hold the pods that it selects, as they are now.

    Those of a Service without one, or of type ExternalName, are left as they were.
    """
    spec = service.spec
    if spec["type"] == "ExternalName" or not spec.get("selector"):
        return
    with control("the EndpointSlices are as the Service and its pods say"):
        eventually(
            lambda: listed(service.slices) ^ selected(service.object, service.kube),
            equals(frozenset(), "what EndpointSlices and pods differ in"),
            within=Judged.SLICES_WRITTEN,
            every=0.02,
        )


def await_proxies(scene):
    """Wait until the proxy of each node has seen what was changed before: a Service made after it is served."""
    later = scene.echo.service()
    clients = scene.fixture("clients")
    with control("a Service that was made after the edit is served on each node"):
        eventually(lambda: sum((client.tcp(later.at_cluster_ip()) for client in clients), start=Seen(())), answered)


def listed(slices):
    """(address, port name, protocol, number, ready) of each endpoint in EndpointSlices."""
    return frozenset(
        (address, port.get("name", ""), port["protocol"], port["port"], endpoint["conditions"]["ready"])
        for piece in slices
        for port in piece["ports"] or ()
        for endpoint in piece["endpoints"] or ()
        for address in endpoint["addresses"]
    )


def selected(service, kube):
    """The same, of the pods that a Service selects."""
    spec = service["spec"]
    labels = ",".join(f"{key}={value}" for key, value in spec["selector"].items())
    pods = kube.list("Pod", service["metadata"]["namespace"], labels=labels)
    return frozenset(
        (address["ip"], port.get("name", ""), port["protocol"], number, _is_ready(pod, spec))
        for pod in pods
        if pod["status"].get("phase") not in ("Succeeded", "Failed")
        for address in pod["status"].get("podIPs", ())
        if family(address["ip"]) in spec["ipFamilies"]
        for port in spec["ports"]
        if (number := _number(pod, port))
    )


def _number(pod, port):
    """The number that a targetPort stands for in a pod; None where the pod does not name it."""
    target = port["targetPort"]
    if isinstance(target, int):
        return target
    named = (declared for container in pod["spec"]["containers"] for declared in container.get("ports", ()))
    return next((each["containerPort"] for each in named if _is_named(each, target, port["protocol"])), None)


def _is_named(declared, name, protocol):
    return declared.get("name") == name and declared.get("protocol", "TCP") == protocol


def _is_ready(pod, spec):
    """True for an endpoint that is ready: the pod is, and is not being deleted, or the Service publishes all."""
    conditions = {condition["type"]: condition["status"] for condition in pod["status"].get("conditions", ())}
    is_ready = conditions.get("Ready") == "True" and "deletionTimestamp" not in pod["metadata"]
    return is_ready or bool(spec.get("publishNotReadyAddresses"))
