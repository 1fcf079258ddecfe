"""The kernel's memory of UDP flows is not put right."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from svcproof.fault import Fault
from svcproof.reference_proxy.endpoints import Endpoints, Usable
from svcproof.reference_proxy.faults.mutation import Mutation, rewriting, ruling, with_elements
from svcproof.reference_proxy.flows import Flow, Flows
from svcproof.reference_proxy.frontends import Frontend, FrontendKind, Frontends
from svcproof.reference_proxy.ruleset import Ruleset
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.state import Node, Policy


def _regarding(watched: Callable[[Frontend], bool]) -> Mutation:
    """Look only after the flows to these frontends."""

    def apply(stages: Stages) -> Stages:
        def stale(flows: Iterable[Flow], before: Frontends, after: Frontends) -> Flows:
            return stages.stale(flows, tuple(filter(watched, before)), tuple(filter(watched, after)))

        return replace(stages, stale=stale)

    return apply


def _passing_over_empty(stages: Stages) -> Stages:
    def stale(flows: Iterable[Flow], before: Frontends, after: Frontends) -> Flows:
        empty = {(frontend.address, frontend.port) for frontend in after if not frontend.reachable}
        return stages.stale((flow for flow in flows if (flow.address, flow.port) not in empty), before, after)

    return replace(stages, stale=stale)


def _let_through(stages: Stages) -> Stages:
    """Let packets for a Service without endpoints pass untranslated, and keep the flows that makes."""

    def stale(flows: Iterable[Flow], before: Frontends, after: Frontends) -> Flows:
        return stages.stale((flow for flow in flows if flow.answerer != flow.address), before, after)

    accepting = ruling(lambda rules, frontends, node: with_elements(rules, "unserved", {}))
    passing = rewriting(lambda rule: () if "@cluster-ips goto refuse" in rule else (rule,))
    return passing(accepting(replace(stages, stale=stale)))


def _waiting_for_the_cluster(stages: Stages) -> Stages:
    """Let packets pass that have no endpoint on this node, and keep the flows if there are any on other nodes."""

    def pass_on(rules: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
        unserved = rules.sets["unserved"].elements or {}
        refused = {target: verdict for target, verdict in unserved.items() if verdict != "drop"}
        return with_elements(rules, "unserved", refused)

    def stale(flows: Iterable[Flow], before: Frontends, after: Frontends) -> Flows:
        known = {(frontend.address, frontend.port) for frontend in before if frontend.internal and frontend.cluster}
        looked_after = (
            flow for flow in flows if flow.answerer != flow.address or (flow.address, flow.port) not in known
        )
        return stages.stale(looked_after, before, after)

    passing = rewriting(lambda rule: () if "@cluster-ips goto refuse" in rule else (rule,))
    return passing(ruling(pass_on)(replace(stages, stale=stale)))


def _regarding_usable_alone(stages: Stages) -> Stages:
    """Look after flows to endpoints that are gone, and not after those to endpoints that are no longer usable."""
    listed: set[tuple[str, int]] = set()

    def choose(endpoints: Endpoints, node: Node) -> Usable:
        listed.update((endpoint.address, endpoint.port) for endpoint in endpoints if not endpoint.ready)
        return stages.choose(endpoints, node)

    def stale(flows: Iterable[Flow], before: Frontends, after: Frontends) -> Flows:
        kept = {flow for flow in flows if (flow.answerer, flow.answerer_port) not in listed}
        listed.clear()
        return stages.stale(kept, before, after)

    return replace(stages, choose=choose, stale=stale)


def _by_all_endpoints(stages: Stages) -> Stages:
    """Count every endpoint of a Service as one of this node when flows are looked after."""

    def everywhere(frontends: Frontends) -> Frontends:
        return tuple(replace(frontend, policy=Policy.CLUSTER) for frontend in frontends)

    def stale(flows: Iterable[Flow], before: Frontends, after: Frontends) -> Flows:
        return stages.stale(flows, everywhere(before), everywhere(after))

    return replace(stages, stale=stale)


def _of_services_there(stages: Stages) -> Stages:
    """Look after the flows to what is still served."""

    def stale(flows: Iterable[Flow], before: Frontends, after: Frontends) -> Flows:
        served = {(frontend.address, frontend.port) for frontend in after}
        return stages.stale((flow for flow in flows if (flow.address, flow.port) in served), before, after)

    return replace(stages, stale=stale)


def _not_on_some_nodes(stages: Stages) -> Stages:
    """Forget no flows on nodes whose name ends with c."""
    names: set[str] = set()

    def choose(endpoints: Endpoints, node: Node) -> Usable:
        names.add(node.name)
        return stages.choose(endpoints, node)

    def stale(flows: Iterable[Flow], before: Frontends, after: Frontends) -> Flows:
        is_spared = any(name.endswith("c") for name in names)
        return frozenset() if is_spared else stages.stale(flows, before, after)

    return replace(stages, choose=choose, stale=stale)


FAULTS: tuple[Fault[Stages], ...] = (
    Fault(
        "udp-flow-sticks-to-dead-backend",
        "UDP flows stay with their endpoint when it is gone.",
        _regarding(lambda frontend: False),
        "https://github.com/kubernetes/kubernetes/issues/19029",
    ),
    Fault(
        "udp-flows-stick-on-some-nodes",
        "On some nodes UDP flows stay with their endpoint when it is gone.",
        _not_on_some_nodes,
    ),
    Fault(
        "udp-nodeport-not-flushed",
        "UDP flows to anything but a ClusterIP stay with their endpoint when it is gone.",
        _regarding(lambda frontend: frontend.internal),
        "https://github.com/kubernetes/kubernetes/issues/59368",
    ),
    Fault(
        "udp-scale-to-zero-keeps-sending",
        "UDP flows stay with their endpoint when it was the last one.",
        _passing_over_empty,
        "https://github.com/kubernetes/kubernetes/issues/139628",
    ),
    Fault(
        "udp-blackhole-zero-to-one",
        "UDP flows that began before there was an endpoint never reach one.",
        _let_through,
        "https://github.com/kubernetes/kubernetes/issues/48370",
    ),
    Fault(
        "udp-flow-of-deleted-service-kept",
        "UDP flows to what is no longer served stay with their endpoint.",
        _of_services_there,
        "https://github.com/kubernetes/kubernetes/pull/141371",
    ),
    Fault(
        "udp-load-balancer-not-flushed",
        "UDP flows to load balancer addresses stay with their endpoint when it is gone.",
        _regarding(lambda frontend: frontend.kind is not FrontendKind.LOAD_BALANCER_IP),
        "https://github.com/kubernetes/kubernetes/issues/103857",
    ),
    Fault(
        "udp-external-ip-not-flushed",
        "UDP flows to externalIPs stay with their endpoint when it is gone.",
        _regarding(lambda frontend: frontend.kind is not FrontendKind.EXTERNAL_IP),
    ),
    Fault(
        "udp-flow-sticks-to-unready-endpoint",
        "UDP flows stay with their endpoint when it is no longer ready.",
        _regarding_usable_alone,
        "https://github.com/kubernetes/kubernetes/pull/106239",
    ),
    Fault(
        "udp-flow-ignores-local-policy",
        "UDP flows stay with an endpoint of another node when the policy becomes Local.",
        _by_all_endpoints,
        "https://github.com/kubernetes/kubernetes/issues/126934",
    ),
    Fault(
        "udp-itp-local-zero-to-one",
        "Under policy Local, UDP flows that began before their node had an endpoint never reach one.",
        _waiting_for_the_cluster,
        "https://github.com/kubernetes/kubernetes/issues/126934",
    ),
    Fault(
        "tcp-begun-without-endpoint-stuck",
        "A TCP connection that began before there was an endpoint is neither refused nor ever served.",
        _let_through,
        "https://github.com/kubernetes/kubernetes/issues/48719",
    ),
)
