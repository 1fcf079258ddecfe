"""Faults of the kubelet: what a pod can be told wrongly about Services, names and its own readiness."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from svcproof.fault import Fault
from svcproof.json_objects import Object, with_spec
from svcproof.lab.kubelet.name_files import Resolver
from svcproof.lab.kubelet.rules import Renew, Rules, Variables

Mutation = Callable[[Rules], Rules]
RESOLVER_ELSEWHERE = "198.51.100.53"
"""An address of nobody in the lab: what asks there gets no answer."""


def _each_service(change: Callable[[Object, Object], Iterable[Object]]) -> Mutation:
    """Make variables of what `change` makes of a Service, for a pod."""
    return lambda rules: replace(
        rules,
        service_variables=lambda pod, container, services, word: rules.service_variables(
            pod, container, [new for service in services for new in change(service, pod)], word
        ),
    )


def _each_port(change: Callable[[Object], Object]) -> Mutation:
    """Make variables of what `change` makes of a Service's port."""
    return _each_service(
        lambda service, pod: [with_spec(service, ports=[change(port) for port in service["spec"].get("ports", ())])]
    )


def _no_variables(where: Callable[[Object, Object], bool]) -> Mutation:
    """Make no variables for a pod and container of which this holds."""
    return lambda rules: replace(
        rules,
        service_variables=lambda pod, container, services, word: (
            {} if where(pod, container) else rules.service_variables(pod, container, services, word)
        ),
    )


def _resolver(change: Callable[[Resolver], Resolver]) -> Mutation:
    """Write what `change` makes of the resolver of ClusterFirst."""
    return lambda rules: replace(
        rules, cluster_first=lambda namespace, layout: change(rules.cluster_first(namespace, layout))
    )


def _of_every_namespace(rules: Rules) -> Rules:
    def adopted(service: Object, pod: Object) -> Iterable[Object]:
        if not pod["spec"].get("enableServiceLinks", True):
            yield service
        else:
            yield {**service, "metadata": {**service["metadata"], "namespace": pod["metadata"]["namespace"]}}

    return replace(_each_service(adopted)(rules), namespaces=lambda own: {None})


def _links_always(rules: Rules) -> Rules:
    return replace(
        rules,
        service_variables=lambda pod, *rest: rules.service_variables(with_spec(pod, enableServiceLinks=True), *rest),
    )


def _kubernetes_for_its_own(service: Object, pod: Object) -> Iterable[Object]:
    metadata = service["metadata"]
    own = metadata["namespace"] == pod["metadata"]["namespace"]
    if own or (metadata["namespace"], metadata["name"]) != ("default", "kubernetes"):
        yield service


def _generated_first(declared: Variables, services: Variables) -> Variables:
    return {**declared, **services}


async def _of_now(started: Variables, renew: Renew) -> Variables:
    return await renew()


def _own_name(pod: Object) -> Object:
    return with_spec(pod, hostname="", subdomain="")


def _hostname_ignored(rules: Rules) -> Rules:
    return replace(
        rules,
        hostname=lambda pod, node: rules.hostname(_own_name(pod), node),
        hosts=lambda pod, addresses, layout: rules.hosts(_own_name(pod), addresses, layout),
    )


def _nothing_of_its_own(rules: Rules) -> Rules:
    return replace(
        rules,
        hosts=lambda pod, *rest: rules.hosts(with_spec(pod, hostNetwork=True, hostAliases=()), *rest),
    )


def _always_cluster_first(rules: Rules) -> Rules:
    return replace(
        rules,
        resolv_conf=lambda pod, *rest: rules.resolv_conf(with_spec(pod, dnsPolicy="ClusterFirstWithHostNet"), *rest),
    )


FAULTS: tuple[Fault[Rules], ...] = (
    Fault(
        "no-service-variables",
        "Containers get no variables for Services at all, not even for kubernetes.",
        _no_variables(lambda pod, container: True),
    ),
    Fault(
        "variables-from-other-namespaces",
        "Services of every namespace give variables, not only those of the pod's own.",
        _of_every_namespace,
    ),
    Fault(
        "only-first-container-gets-variables",
        "Service variables go to the first container of a pod and to none of the others.",
        _no_variables(lambda pod, container: bool(container != pod["spec"]["containers"][0])),
    ),
    Fault(
        "dash-kept-in-names",
        "A dash in the name of a Service or a port stays in the variable's name.",
        lambda rules: replace(rules, word=str.upper),
    ),
    Fault(
        "wrong-service-port",
        "Variables carry the targetPort where they should carry the Service's port.",
        _each_port(lambda port: {**port, "port": port.get("targetPort", port["port"])}),
    ),
    Fault(
        "last-port-first",
        "SERVICE_PORT and the URL are those of the last port instead of the first.",
        _each_service(lambda service, pod: [with_spec(service, ports=service["spec"].get("ports", ())[::-1])]),
    ),
    Fault(
        "no-named-ports",
        "There is no SERVICE_PORT_<NAME> variable for named ports.",
        _each_port(lambda port: {**port, "name": ""}),
    ),
    Fault(
        "protocol-always-tcp",
        "Variables call every port TCP.",
        _each_port(lambda port: {**port, "protocol": "TCP"}),
    ),
    Fault(
        "headless-variables",
        "Headless and ExternalName Services give variables, with the host None or empty.",
        lambda rules: replace(rules, gives_variables=lambda service: True),
    ),
    Fault(
        "links-despite-enable-service-links-false",
        "enableServiceLinks: false is ignored.",
        _links_always,
    ),
    Fault(
        "kubernetes-withheld",
        "default/kubernetes gives variables in its own namespace only.",
        _each_service(_kubernetes_for_its_own),
    ),
    Fault(
        "generated-over-declared",
        "A Service's variable wins over one of the same name in the container's env.",
        lambda rules: replace(rules, environment=_generated_first, references=_generated_first),
    ),
    Fault(
        "no-expansion",
        "$(NAME) is left as it is in command, args and env where NAME is a variable of a Service.",
        lambda rules: replace(rules, references=lambda declared, services: declared),
    ),
    Fault(
        "variables-follow-services",
        "A command run in a container sees the Services of that moment, not those of the container's start.",
        lambda rules: replace(rules, of_command=_of_now),
    ),
    Fault(
        "variables-kept-over-restarts",
        "A container that is started again gets the variables of its first start.",
        lambda rules: replace(rules, of_start=lambda before, now: now if before is None else before),
    ),
    Fault(
        "host-network-without-variables",
        "Pods on the node's network get no variables for Services.",
        _no_variables(lambda pod, container: bool(pod["spec"].get("hostNetwork"))),
    ),
    Fault(
        "node-port-in-variables",
        "Variables carry the node port of Services that have one.",
        _each_port(lambda port: {**port, "port": port.get("nodePort", port["port"])}),
    ),
    Fault(
        "unnamed-ports-named",
        "A port without a name gives a SERVICE_PORT_ variable, with its number for a name.",
        _each_port(lambda port: {**port, "name": port.get("name") or str(port["port"])}),
    ),
    Fault(
        "hostname-ignored",
        "A pod is always called by its own name, whatever its hostname and subdomain say.",
        _hostname_ignored,
    ),
    Fault(
        "wrong-nameserver",
        "resolv.conf names a resolver elsewhere, which knows no Service, instead of the cluster's DNS Service.",
        _resolver(lambda resolver: replace(resolver, servers=(RESOLVER_ELSEWHERE,))),
    ),
    Fault(
        "resolv-without-search",
        "resolv.conf has no search list, so only full names resolve.",
        _resolver(lambda resolver: replace(resolver, search=())),
    ),
    Fault(
        "resolv-without-ndots",
        "resolv.conf has no options, so names with a dot are asked for as they are first.",
        _resolver(lambda resolver: replace(resolver, options={})),
    ),
    Fault(
        "search-of-default-namespace",
        "The search list begins with the namespace default whatever the pod's own.",
        lambda rules: replace(rules, cluster_first=lambda namespace, layout: rules.cluster_first("default", layout)),
    ),
    Fault(
        "dns-policy-ignored",
        "Every pod is given the cluster's DNS, whatever its dnsPolicy.",
        _always_cluster_first,
    ),
    Fault(
        "no-hosts-entry",
        "/etc/hosts lacks the pod's own name and its hostAliases.",
        _nothing_of_its_own,
    ),
    Fault(
        "reports-ready-at-once",
        "A running container is reported ready without asking its readiness probe.",
        lambda rules: replace(rules, readiness_probe=lambda container: None),
    ),
    Fault(
        "readiness-sticks",
        "A container that was ready once stays ready, whatever its readiness probe says later.",
        lambda rules: replace(rules, readiness=lambda before, now: before or now),
    ),
    Fault(
        "ignores-termination-grace",
        "Pods being deleted are killed at once, without preStop, SIGTERM or grace period.",
        lambda rules: replace(rules, grace=lambda seconds: 0),
    ),
)
