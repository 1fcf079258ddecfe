"""Divergences of health check node ports: a node answers otherwise than its endpoints make it."""

from collections.abc import Iterator

from svcproof.diagnosis.api_view import ApiView, Dated
from svcproof.diagnosis.case import Case
from svcproof.diagnosis.phrases import listed, seconds
from svcproof.model.divergence import Divergence
from svcproof.model.event import Event, HttpStatus


def unhealthy(case: Case) -> Divergence | None:
    """A node says 200 without endpoints of its own, or something else with them."""
    statuses = [(event, event.status) for event in case.events if event.status]
    wrong = next(_wrong(case, statuses), None)
    if wrong is None:
        return None
    event, status, node, sentence = wrong
    title = _title(case.view, status)
    others = sorted(
        f"{_node(case.view, other)} answers {other.status or 'nothing'}"
        for each, other in statuses
        if each.last >= event.last - 1.0 and _node(case.view, other) not in ("", node)
    )
    more = f"; {listed(others)}" if others else ""
    return Divergence(sentence=f"{sentence}{more}", node=node, vantage=status.vantage, object=title, at=event.at)


def _wrong(case: Case, statuses: list[tuple[Event, HttpStatus]]) -> Iterator[tuple[Event, HttpStatus, str, str]]:
    for event, status in reversed(statuses):
        node, service = _node(case.view, status), _service(case.view, status)
        answer = f"answers {status.status}" if status.status else "gives no answer"
        port = f"health check node port {status.port}"
        if service is None:
            yield (
                event,
                status,
                node,
                f"{node or status.address} {answer} at {port}{status.path}, which is no Service's now",
            )
            continue
        endpoints = [each for each in case.view.endpoints(service.state) if each.node == node]
        ready = {case.view.pod_of(each) for each in endpoints if each.ready}
        leaving = {case.view.pod_of(each) for each in endpoints if each.terminating}
        if service.state.deleted:
            why = f"which was deleted {seconds(event.last - service.at)} before"
            yield event, status, node, f"{node} {answer} at {port} of Service {service.name}, {why}"
        elif (status.status == 200) != bool(ready):
            own = listed(ready) if ready else f"none{f'; {listed(leaving)} is terminating' if leaving else ''}"
            yield (
                event,
                status,
                node,
                f"{node} {answer} at {port} of Service {service.name}; its ready endpoints there: {own}",
            )


def _node(view: ApiView, status: HttpStatus) -> str:
    return next((node.name for node in view.nodes if status.address in node.addresses), "")


def _service(view: ApiView, status: HttpStatus) -> Dated | None:
    """The Service with this health check node port: the newest, of those that are gone too."""
    ports = (each for each in view.every("Service") if each.spec.get("healthCheckNodePort") == status.port)
    return next(ports, None)


def _title(view: ApiView, status: HttpStatus) -> str:
    service = _service(view, status)
    return f"Service {service.name}" if service else _node(view, status)
