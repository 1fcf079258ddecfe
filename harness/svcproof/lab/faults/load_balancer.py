"""Faults of the load balancer: allocating addresses, and announcing them."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from svcproof.addresses import Span
from svcproof.fault import Fault
from svcproof.json_objects import Object, with_spec
from svcproof.lab.loadbalancer.election import EXCLUDED, ready_on
from svcproof.lab.loadbalancer.rules import Rules

Mutation = Callable[[Rules], Rules]


def _requesting(**fields: object) -> Mutation:
    """Take every Service's request to have these values."""
    return lambda rules: replace(
        rules,
        request=lambda service: replace(rules.request(service), **fields),  # type: ignore[arg-type]
    )


def _behind_the_end(rules: Rules) -> Rules:
    return replace(
        rules,
        pool=lambda spans: rules.pool([Span(first=span.last + 1, last=span.last + 8) for span in spans]),
    )


def _beside_nobody(rules: Rules) -> Rules:
    return replace(
        rules,
        choose=lambda pool, request, current, others, back: rules.choose(
            pool, request, current, others if request.requested else (), back
        ),
    )


def _another_on_update(rules: Rules) -> Rules:
    return replace(
        rules,
        choose=lambda pool, request, current, others, back: (
            rules.choose(pool, request, None, [*others, current], back)
            if current and current.request != request
            else rules.choose(pool, request, current, others, back)
        ),
    )


def _first_request(rules: Rules) -> Rules:
    return replace(
        rules,
        choose=lambda pool, request, current, others, back: (
            current.addresses if current else rules.choose(pool, request, current, others, back)
        ),
    )


def _whatever_the_class(rules: Rules) -> Rules:
    return replace(rules, is_ours=lambda service: rules.is_ours(with_spec(service, loadBalancerClass="")))


def _whatever_the_label(rules: Rules) -> Rules:
    def may_announce(node: Object) -> bool:
        metadata = node["metadata"]
        labels = {name: value for name, value in (metadata.get("labels") or {}).items() if name != EXCLUDED}
        return rules.may_announce({**node, "metadata": {**metadata, "labels": labels}})

    return replace(rules, may_announce=may_announce)


def _without_endpoint(rules: Rules) -> Rules:
    def candidates(service: Object, endpoints: Sequence[Object], nodes: Sequence[str]) -> Sequence[str]:
        able = rules.candidates(service, endpoints, nodes)
        if not able or service["spec"].get("externalTrafficPolicy") != "Local":
            return able
        with_endpoint = ready_on(endpoints)
        return [node for node in nodes if node not in with_endpoint] or nodes

    return replace(rules, candidates=candidates)


FAULTS: tuple[Fault[Rules], ...] = (
    Fault(
        "never-assigns",
        "No Service gets an address.",
        lambda rules: replace(rules, is_ours=lambda service: False),
    ),
    Fault(
        "outside-pool",
        "Addresses come from behind the end of the pool.",
        _behind_the_end,
    ),
    Fault(
        "same-address-for-all",
        "Services that do not allow sharing get the same address.",
        _beside_nobody,
    ),
    Fault(
        "requested-address-ignored",
        "spec.loadBalancerIP and the annotation that asks for an address have no effect.",
        _requesting(requested=()),
    ),
    Fault(
        "request-edit-ignored",
        "A Service that has an address keeps it, also when it asks for another.",
        _first_request,
        "https://github.com/kube-vip/kube-vip/issues/574",
    ),
    Fault(
        "sharing-refused",
        "Services that allow sharing an address are refused the one they ask for.",
        _requesting(sharing=""),
    ),
    Fault(
        "class-of-others-claimed",
        "Services whose loadBalancerClass names another load balancer get an address.",
        _whatever_the_class,
    ),
    Fault(
        "address-kept-after-type-change",
        "The address of a Service that is no longer of type LoadBalancer is not given back: no other can have it.",
        lambda rules: replace(rules, gives_back=lambda service: False),
    ),
    Fault(
        "new-address-on-update",
        "A Service gets another address whenever its spec changes.",
        _another_on_update,
    ),
    Fault(
        "not-announced",
        "No node answers ARP for an address.",
        lambda rules: replace(rules, take_over=lambda before, elected: {}),
    ),
    Fault(
        "announced-by-node-without-endpoint",
        "With externalTrafficPolicy Local, a node without an endpoint announces the address where there is one.",
        _without_endpoint,
    ),
    Fault(
        "excluded-node-announces",
        "The label node.kubernetes.io/exclude-from-external-load-balancers has no effect.",
        _whatever_the_label,
    ),
    Fault(
        "stays-with-first-node",
        "The node that announced an address first goes on, even when it should no longer.",
        lambda rules: replace(
            rules,
            take_over=lambda before, elected: {address: before.get(address, node) for address, node in elected.items()},
        ),
    ),
)
