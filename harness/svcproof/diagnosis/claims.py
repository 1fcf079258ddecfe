"""Divergences of what checks read: environments of pods, fields of objects; with the API's side of them."""

import ast
import re
from collections.abc import Iterator
from contextlib import suppress

from svcproof.diagnosis.api_view import Dated, ingress
from svcproof.diagnosis.case import Case
from svcproof.diagnosis.phrases import listed
from svcproof.model.divergence import Divergence
from svcproof.model.event import Change, Environment, Reading, Verb
from svcproof.wait.predicates.words import shown

SEEN = re.compile(r"^seen: *(.*)$", re.MULTILINE)
LOOK = re.compile(r"^ +at [\d.]+(?:-[\d.]+)? s(?:, \d+ looks)?: (.*)$", re.MULTILINE)
NOTHING = {"it is not so": "", "frozenset()": "none", "()": "none"}
LONGEST = 160
"""Characters of a value that are shown."""


def misread(case: Case) -> Divergence | None:
    """The environment of a pod, or a field of an object, is not as was claimed."""
    subject = next(_subjects(case), None)
    if subject is None or not case.expectation.words:
        return None
    title, node = subject
    where = f"{title} on {node}" if node else title
    seen = _seen(case.fact.reason)
    shows = f"{'show' if title.startswith('EndpointSlices') else 'shows'} {seen}, in place of" if seen else "is not so"
    own = next((dated for dated in case.view.every("Service") if title == f"Service {dated.name}"), None)
    made = own or _made(case)
    fields = f"; {'it' if own else f'Service {made.name}'} {_fields(made)}" if made else ""
    return Divergence(
        sentence=f"{where} {shows}: {case.expectation.words}{fields}",
        node=node,
        object=title,
        at=case.step.began if case.step else None,
    )


def _subjects(case: Case) -> Iterator[tuple[str, str]]:
    """Yield who or what the check looked at last: a pod with its node, or an object of the API."""
    for event in reversed(case.fact.events):
        if isinstance(event.what, Environment):
            yield f"Pod {event.what.vantage}", event.what.node
    for event in reversed(case.fact.events):
        match event.what:
            case Reading(kind="Pod", name=name) if name:
                pod = case.view.pod(name)
                yield f"Pod {name}", str(pod.spec.get("nodeName", "")) if pod else ""
            case Reading(kind=kind, name=name) if name:
                yield f"{kind.rpartition(' ')[2]} {name}", ""
            case Reading(kind=kind, labels=labels) if labels.startswith("kubernetes.io/service-name="):
                yield f"{kind.rpartition(' ')[2]}s of Service {labels.partition('=')[2]}", ""
            case Change(kind="Service", name=name):
                yield f"Service {name}", ""
            case Change(kind="Pod", name=name, verb=verb) if verb is not Verb.DELETE:
                pod = case.view.pod(name)
                yield f"Pod {name}", str(pod.spec.get("nodeName", "")) if pod else ""


def _seen(reason: str) -> str:
    """The value that was seen last, in one line."""
    looks = LOOK.findall(reason)
    match = SEEN.search(reason)
    text = looks[-1] if looks else match[1] if match else ""
    if text in NOTHING:
        return NOTHING[text]
    with suppress(ValueError, SyntaxError):
        text = shown(ast.literal_eval(text))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} ..."


def _made(case: Case) -> Dated | None:
    """The Service that the check made or changed last."""
    for _, change in reversed(case.changes):
        if change.kind == "Service" and (states := case.view.states("Service", change.name)):
            return states[-1]
    return None


def _fields(dated: Dated) -> str:
    """The type, addresses and ports of a Service, for the end of a sentence."""
    if dated.state.deleted:
        return "was deleted"
    spec = dated.spec
    addresses = listed(spec.get("clusterIPs") or ()) or "none"
    ports = ", ".join(_port(port) for port in spec.get("ports") or ())
    external = listed(ingress(dated))
    balanced = f", load balancer address {external}" if external else ""
    ports = f", ports {ports}" if ports else ""
    return f"is of type {spec.get('type', 'ClusterIP')}, with ClusterIP {addresses}{balanced}{ports}"


def _port(port: dict[str, object]) -> str:
    node_port = f", node port {port['nodePort']}" if port.get("nodePort") else ""
    name = f"{port['name']} " if port.get("name") else ""
    return f"{name}{port.get('port')}/{port.get('protocol', 'TCP')}{node_port}"
