"""Scenarios on a real lab: what holds, what does not hold under a fault, and what is refused at once."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from svcproof.cli import main

LOCAL = """\
title: a Service that becomes local, and goes
objects:
  - apiVersion: v1
    kind: Service
    metadata: {name: web}
    spec: {type: NodePort, ports: [{port: 80}], externalIPs: ["${external-1}"]}
  - apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
    addressType: IPv4
    ports: [{port: 8080}]
    endpoints: [{addresses: ["${mine.address}"], nodeName: "${mine.node}"}]
pods: [{name: mine, node: "${node-2}"}]
steps:
  - patch: {kind: Service, name: web, patch: {spec: {externalTrafficPolicy: Local}}}
  - delete: {kind: Service, name: web}
"""
RESTARTED = LOCAL + '  - interrupt: {proxy: restart, node: "${node-1}"}\n  - interrupt: {proxy: kill}\n'


def replay(folder: Path, text: str, *options: str) -> Result:
    path = folder / "scenario.yaml"
    path.write_text(text)
    return CliRunner().invoke(main, ["replay", str(path), *options])


@pytest.mark.lab
@pytest.mark.timeout(180)
def test_a_scenario_holds_with_a_sound_proxy_and_not_under_a_fault(tmp_path: Path) -> None:
    sound = replay(tmp_path, RESTARTED)
    assert sound.exit_code == 0, sound.output
    assert "4  kill the proxy on every node: as promised" in sound.output
    assert "2  delete Service web: as promised" in sound.output

    broken = replay(tmp_path, LOCAL, "--fault", "proxy/deleted-service-still-served")
    assert broken.exit_code == 1, broken.output
    assert "2  delete Service web: NOT as promised" in broken.output
    assert "expected: nobody answers" in broken.output
    assert "rule:" in broken.output


@pytest.mark.lab
@pytest.mark.timeout(120)
def test_an_expectation_of_the_file_is_held_against_what_is_seen(tmp_path: Path) -> None:
    wrong = LOCAL + "expect: [{after: 1, service: web, door: clusterIP, answered: true, backends: [echo-0]}]\n"
    result = replay(tmp_path, wrong)
    assert result.exit_code == 1, result.output
    assert "at the clusterIP of Service web" in result.output
    assert "expected echo-0, saw x1-mine" in result.output


@pytest.mark.lab
@pytest.mark.timeout(120)
def test_an_object_that_the_api_server_refuses_decides_nothing(tmp_path: Path) -> None:
    refused = LOCAL.replace("externalTrafficPolicy: Local", "externalTrafficPolicy: Nowhere")
    result = replay(tmp_path, refused)
    assert result.exit_code == 3, result.output
    assert "refused, so that nothing follows" in result.output
    assert "Nowhere" in result.output


def test_a_wrong_file_is_refused_with_every_mistake_before_anything_is_made(tmp_path: Path) -> None:
    result = replay(tmp_path, LOCAL.replace("${external-1}", "${externl-1}").replace("Service, name: web}", "Service}"))
    assert result.exit_code == 4
    assert "unknown placeholder ${externl-1} (did you mean external-1" in result.output
    assert "steps.1.delete.name: is missing" in result.output
    assert "making a lab" not in result.output
