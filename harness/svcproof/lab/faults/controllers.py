"""Faults of the controllers: what a Service's endpoints can be wrong in before any proxy sees them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from svcproof.fault import Fault
from svcproof.json_objects import Object, with_spec
from svcproof.lab.controllers.endpoints.membership import ByPorts, Ports
from svcproof.lab.controllers.endpoints.slices import HEADLESS, ports_of
from svcproof.lab.controllers.rules import Rules

Mutation = Callable[[Rules], Rules]


def _each_port(change: Callable[[Object, Object], Iterable[Object]]) -> Mutation:
    """Number, for each port of the Service, what `change` makes of it on a pod."""

    def changed(service: Object, pod: Object) -> Object:
        ports = service["spec"].get("ports") or ()
        return with_spec(service, ports=[new for port in ports for new in change(port, pod)])

    return lambda rules: replace(rules, ports=lambda service, pod: rules.ports(changed(service, pod), pod))


def _each_endpoint(change: Callable[[Object], Object]) -> Mutation:
    """Publish what `change` makes of an endpoint."""
    return lambda rules: replace(
        rules, endpoint=lambda *facts: change(sound) if (sound := rules.endpoint(*facts)) is not None else None
    )


def _without(key: str) -> Mutation:
    return _each_endpoint(lambda endpoint: {name: value for name, value in endpoint.items() if name != key})


def _conditions(change: Callable[[Object], Object]) -> Mutation:
    """Publish what `change` makes of an endpoint's conditions."""
    return lambda rules: replace(rules, conditions=lambda service, pod: change(rules.conditions(service, pod)))


def _every_pod(rules: Rules) -> Rules:
    return replace(
        rules,
        gets_endpoints=lambda service: rules.gets_endpoints(with_spec(service, selector={"any": "pod"})),
        selects=lambda service, pod: rules.selects(with_spec(service, selector={}), pod),
    )


def _whatever_the_type(rules: Rules) -> Rules:
    return replace(rules, gets_endpoints=lambda service: rules.gets_endpoints(with_spec(service, type="")))


def _serving(conditions: Object) -> Object:
    return {**conditions, "serving": True, "ready": conditions["ready"] or not conditions["terminating"]}


def _not_terminating(conditions: Object) -> Object:
    terminating = conditions["terminating"]
    return {**conditions, "terminating": False, "ready": conditions["ready"] or terminating}


def _never_published(rules: Rules) -> Rules:
    return replace(
        rules,
        conditions=lambda service, pod: rules.conditions(with_spec(service, publishNotReadyAddresses=False), pod),
    )


def _with_former(current: ByPorts, slices: Sequence[Object]) -> ByPorts:
    """Return the endpoints of now with all that were endpoints before, as they were."""
    addresses = {tuple(endpoint["addresses"]) for endpoints in current.values() for endpoint in endpoints}
    joined: dict[Ports, Sequence[Object]] = dict(current)
    for part in slices:
        gone = [former for former in part.get("endpoints") or () if tuple(former["addresses"]) not in addresses]
        if gone:
            joined[ports_of(part)] = [*joined.get(ports_of(part), ()), *gone]
    return joined


def _ports_of_first(endpoints: Iterable[tuple[Ports, Object]]) -> ByPorts:
    several = list(endpoints)
    return {several[0][0]: [endpoint for _, endpoint in several]} if several else {}


def _not_targeted(port: Object, pod: Object) -> Iterable[Object]:
    yield {key: value for key, value in port.items() if key != "targetPort"}


def _declared(port: Object, pod: Object) -> Iterable[Object]:
    target = port.get("targetPort") or port["port"]
    offered = (offer["containerPort"] for part in pod["spec"]["containers"] for offer in part.get("ports") or ())
    if not isinstance(target, int) or target in offered:
        yield port


def _only_first_port(rules: Rules) -> Rules:
    return replace(
        rules,
        ports=lambda service, pod: rules.ports(with_spec(service, ports=(service["spec"].get("ports") or ())[:1]), pod),
    )


def _without_sidecars(rules: Rules) -> Rules:
    return replace(rules, ports=lambda service, pod: rules.ports(service, with_spec(pod, initContainers=())))


def _unlabelled(rules: Rules) -> Rules:
    def template(service: Object) -> Object:
        sound = rules.template(service)
        return {**sound, "labels": {name: value for name, value in sound["labels"].items() if name != HEADLESS}}

    return replace(rules, template=template)


FAULTS: tuple[Fault[Rules], ...] = (
    Fault(
        "selector-ignored",
        "A Service gets every pod of its namespace as endpoint, whatever its selector says, and without one.",
        _every_pod,
    ),
    Fault(
        "unready-endpoints-ready",
        "Endpoints of pods that are not ready are published as ready.",
        _conditions(_serving),
    ),
    Fault(
        "endpoints-never-removed",
        "Endpoints stay in their EndpointSlice when the pod leaves the Service or is gone.",
        lambda rules: replace(rules, keep=_with_former),
    ),
    Fault(
        "named-port-as-number-of-first-pod",
        "A named targetPort is resolved once, on the first pod, and that number used for all pods.",
        lambda rules: replace(rules, by_ports=_ports_of_first),
    ),
    Fault(
        "external-name-gets-endpoints",
        "An ExternalName Service that has a selector gets EndpointSlices.",
        _whatever_the_type,
        "https://github.com/kubernetes/kubernetes/issues/105986",
    ),
    Fault(
        "terminating-kept-ready",
        "Endpoints of pods being deleted stay ready until the pod is gone.",
        _conditions(_not_terminating),
    ),
    Fault(
        "target-port-ignored",
        "Endpoints carry the Service's port instead of its targetPort.",
        _each_port(_not_targeted),
    ),
    Fault(
        "undeclared-ports-left-out",
        "A targetPort that no container declares as containerPort is left out, as if declaring it opened it.",
        _each_port(_declared),
    ),
    Fault(
        "first-port-only",
        "Only the first port of a Service gets into its EndpointSlices.",
        _only_first_port,
    ),
    Fault(
        "no-node-names",
        "Endpoints do not say which node they are on.",
        _without("nodeName"),
    ),
    Fault(
        "sidecar-ports-unknown",
        "A named targetPort is not looked for in restartable init containers.",
        _without_sidecars,
        "https://github.com/kubernetes/kubernetes/issues/119779",
    ),
    Fault(
        "not-ready-addresses-withheld",
        "publishNotReadyAddresses is ignored: endpoints of pods that are not ready are not ready.",
        _never_published,
    ),
    Fault(
        "no-mirroring",
        "Endpoints made by hand are not mirrored to EndpointSlices.",
        lambda rules: replace(rules, is_mirrored=lambda endpoints, service: False),
    ),
    Fault(
        "no-hints",
        "trafficDistribution has no effect: endpoints carry no hints.",
        _without("hints"),
    ),
    Fault(
        "no-headless-label",
        "EndpointSlices of headless Services lack the label service.kubernetes.io/headless.",
        _unlabelled,
    ),
)
