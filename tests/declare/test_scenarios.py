"""A scenario as its file has it: what is read, and what is refused, with every mistake told at once."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from svcproof import declare
from svcproof.declare.scenarios import scenario
from svcproof.yaml_reading import DECLARATION, read_parts

WEB = """\
title: a node port
objects:
  - apiVersion: v1
    kind: Service
    metadata: {name: web}
    spec: {type: NodePort, ports: [{port: 80}]}
"""
Refuse = Callable[[str], list[str]]


@pytest.fixture
def refused(tmp_path: Path, problems: Callable[[Callable[[str], object], str], list[str]]) -> Refuse:
    def told(text: str) -> list[str]:
        path = tmp_path / "scenario.yaml"
        path.write_text(text)
        return problems(lambda name: scenario(Path(name)), str(path))

    return told


def test_a_scenario_is_read_with_all_that_it_may_have(tmp_path: Path) -> None:
    path = tmp_path / "all.yaml"
    path.write_text(
        WEB
        + """\
  - apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
    addressType: IPv4
    ports: [{port: 8080}]
    endpoints: [{addresses: ["${mine.address}"], nodeName: "${mine.node}"}, {addresses: ["${echo-0.address}"]}]
pods: [{name: mine, node: "${node-2}", labels: {app: mine}, ready: false}]
steps:
  - patch: {kind: Service, name: web, patch: {spec: {externalIPs: ["${external-1}"]}}}
  - ready: {pod: mine, ready: true}
  - relabel: {pod: mine, labels: {app: null}}
  - interrupt: {proxy: kill, node: "${node-1}"}
  - wait: 0.5
  - delete: {kind: EndpointSlice, name: web-1}
  - apply: {apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 81}]}}
expect: [{after: 0, service: web, door: nodePort, answered: true, backends: [mine]}]
"""
    )
    read = scenario(path)
    assert [step.verb for step in read.steps] == ["patch", "ready", "relabel", "interrupt", "wait", "delete", "apply"]
    (value,) = read_parts(path.read_text(), DECLARATION)
    Draft202012Validator(declare.schema("scenario")).validate(json.loads(json.dumps(value.value)))


@pytest.mark.parametrize(
    ("wrong", "right", "told"),
    [
        ("{port: 80}", "{port: 80}], externalIPs: ['${extrnal-1}'", "unknown placeholder ${extrnal-1} (did you mean"),
        ("kind: Service", "kind: Servce", "'Servce' is no kind of a scenario (did you mean Service?)"),
        ("kind: Service", "kind: Pod", "'Pod' is no kind of a scenario"),
        ("apiVersion: v1", "apiVersion: v2", "a Service of a scenario is of v1"),
        ("{name: web}", "{name: Web}", "'Web' is no name of an object"),
        ("{name: web}", "{name: web, namespace: shop}", "is the run's own: leave it out"),
        ("{name: web}", "{}", "has no name"),
        ("title: a node port\n", "", "title: is missing"),
        ("title: a node port\n", "title: a node port\nobjets: []\n", "unknown key (did you mean objects?)"),
    ],
)
def test_a_mistake_in_an_object_is_told_with_its_place(refused: Refuse, wrong: str, right: str, told: str) -> None:
    (line, *_) = refused(WEB.replace(wrong, right))
    assert told in line
    assert line.startswith(":")


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("patch: {kind: Service, name: wib, patch: {}}", "there is no Service wib then (did you mean web?)"),
        ("delete: {kind: EndpointSlice, name: web}", "there is no EndpointSlice web then"),
        ("ready: {pod: echo-0, ready: false}", "'echo-0' is no pod of the scenario"),
        ("{}", "a step has exactly one key"),
        ("{wait: 1, ready: {pod: a, ready: true}}", "a step has exactly one key"),
        ("wait: -1", "greater than 0"),
        ("interrupt: {proxy: upgrade}", "'upgrade' is unknown"),
        ("apply: {apiVersion: v1, kind: Node, metadata: {name: a}}", "'Node' is no kind of a scenario"),
    ],
)
def test_a_mistake_in_a_step_is_told(refused: Refuse, step: str, told: str) -> None:
    (line,) = refused(f"{WEB}steps:\n  - {step}\n")
    assert told in line


def test_an_object_is_there_until_a_step_deletes_it(refused: Refuse) -> None:
    (line,) = refused(
        WEB
        + "steps:\n  - delete: {kind: Service, name: web}\n"
        + "  - patch: {kind: Service, name: web, patch: {spec: {}}}\n"
    )
    assert line.startswith(":9:")
    assert "there is no Service web then" in line


def test_all_mistakes_are_told_at_once(refused: Refuse) -> None:
    lines = refused(
        WEB.replace("{port: 80}", "{port: 80}], externalIPs: ['${nothing}'")
        + "pods: [{name: db-0}]\nsteps:\n  - delete: {kind: Service, name: other}\n"
        + "expect: [{service: web, after: 3, answered: true}, {service: wob, answered: false, backends: [db-0]}]\n"
    )
    assert len(lines) == 6
    for words in (
        "unknown placeholder ${nothing}",
        "there is another pod db-0",
        "there is no Service other then",
        "there are 1 steps",
        "there is no Service wob (did you mean web?)",
        "where nobody answers there are none",
    ):
        assert any(words in line for line in lines)
