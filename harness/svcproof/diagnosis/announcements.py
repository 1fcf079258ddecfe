"""Divergences of load balancer addresses: none is assigned, nobody announces one, or the wrong node does."""

from svcproof.diagnosis.api_view import ingress
from svcproof.diagnosis.case import Case
from svcproof.diagnosis.phrases import listed, seconds
from svcproof.model.divergence import Divergence


def unassigned(case: Case) -> Divergence | None:
    """A Service of type LoadBalancer has no address, and the check looked at nothing else."""
    if case.events:
        return None
    for dated in case.view.existing("Service"):
        if dated.spec.get("type") == "LoadBalancer" and not ingress(dated):
            made = min(state.at for state in case.view.states("Service", dated.name))
            ended = case.step.ended if case.step else case.fact.seconds
            of_class = dated.spec.get("loadBalancerClass")
            return Divergence(
                sentence=f"Service {dated.name} of type LoadBalancer has no address in its status"
                f" {seconds(max(0.0, ended - made))} after it was made"
                f"{f'; its loadBalancerClass is {of_class}' if of_class else ''}",
                object=f"Service {dated.name}",
                at=made,
            )
    return None


def shared(case: Case) -> Divergence | None:
    """Two Services have the same load balancer address, which they were not to share."""
    if "share no address" not in case.expectation.words:
        return None
    owners: dict[str, list[str]] = {}
    for dated in case.view.existing("Service"):
        for address in ingress(dated):
            owners.setdefault(address, []).append(dated.name)
    for address, names in owners.items():
        if len(names) > 1:
            sentence = f"Services {listed(names)} both have the load balancer address {address}"
            return Divergence(sentence=sentence, object=f"Service {names[0]}")
    return None


def misannounced(case: Case) -> Divergence | None:
    """Nobody answers for the hardware address of a load balancer's address, or another node than should."""
    links = [event for event in case.events if event.link_address]
    if not links or (link := links[-1].link_address) is None:
        return None
    service = next((each for each in case.view.existing("Service") if link.address in ingress(each)), None)
    owner = f" (load balancer address of Service {service.name})" if service else ""
    node = _node_with(case, link.hardware)
    at = f"at {link.hardware}{f', which is {node}' if node else ''}" if link.hardware else "at no hardware address"
    seen = "; nobody announces it" if not link.hardware else ""
    endpoints = case.view.endpoints(service.state) if service else []
    on = {endpoint.node for endpoint in endpoints if endpoint.ready and endpoint.node}
    local = f"; its endpoints are on {listed(on)}" if on else ""
    labelled = _labelled(case, node, links[-1].last)
    return Divergence(
        sentence=f"{link.vantage} finds {link.address}{owner} {at}{seen}; expected: {case.expectation.words}"
        f"{labelled}{local}",
        node=node,
        vantage=link.vantage,
        object=f"Service {service.name}" if service else f"address {link.address}",
        at=links[-1].at,
    )


def _labelled(case: Case, node: str, until: float) -> str:
    """A clause with the labels that the check put on a node, and for how long it had them when it was looked at."""
    clauses = []
    for at, change in case.changes:
        is_before = at <= until and (change.kind, change.name) == ("Node", node) and isinstance(change.sent, dict)
        labels = (change.sent.get("metadata") or {}).get("labels") or {} if is_before else {}
        clauses += [f"; {node} has had the label {key} for {seconds(until - at)}" for key in labels]
    return "".join(clauses)


def _node_with(case: Case, hardware: str) -> str:
    """The node that has a hardware address, if the check has asked for that of the node's own address."""
    links = [event.link_address for event in case.fact.events if event.link_address]
    own = {address for node in case.view.nodes for address in node.addresses}
    address = next((link.address for link in links if link.hardware == hardware and link.address in own), "")
    return case.view.owner(address) if address else ""
