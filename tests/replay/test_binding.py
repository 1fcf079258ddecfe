"""A scenario bound to a cluster: placeholders, names of its own, and what the cluster has not."""

import pytest

from svcproof.errors import ProvisionError
from svcproof.model.scenario import Scenario
from svcproof.replay.binding import Binding, lacking
from svcproof.replay.changes import described

SLICE = {
    "apiVersion": "discovery.k8s.io/v1",
    "kind": "EndpointSlice",
    "metadata": {"name": "web-1", "labels": {"kubernetes.io/service-name": "web"}},
    "addressType": "IPv4",
    "endpoints": [{"addresses": ["${echo-0.address}"], "nodeName": "${node-1}"}],
}
SERVICE = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "web"},
    "spec": {"loadBalancerSourceRanges": ["${external-2}/32"]},
    "status": {"loadBalancer": {"ingress": [{"ip": "${external-1}"}]}},
}
BINDING = Binding(
    namespace="shop",
    words={"echo-0.address": "10.244.1.2", "node-1": "node-a"},
    externals=("198.51.100.1", "198.51.100.2"),
    prefix="x3-",
    labels={"svcproof.dev/run": "abc"},
)


def test_an_object_gets_names_of_its_own_and_the_meaning_of_its_placeholders() -> None:
    assert BINDING.manifest(SLICE) == {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {
            "name": "x3-web-1",
            "namespace": "shop",
            "labels": {"kubernetes.io/service-name": "x3-web", "svcproof.dev/run": "abc"},
        },
        "addressType": "IPv4",
        "endpoints": [{"addresses": ["10.244.1.2"], "nodeName": "node-a"}],
    }


def test_a_status_is_written_by_itself() -> None:
    manifest = BINDING.manifest(SERVICE)
    assert "status" not in manifest
    assert manifest["spec"] == {"loadBalancerSourceRanges": ["198.51.100.2/32"]}


def test_the_drawn_object_stays_as_it_is() -> None:
    before = str(SLICE)
    BINDING.manifest(SLICE)
    assert str(SLICE) == before


def test_what_the_cluster_has_not_is_told_before_anything_is_made() -> None:
    changed = {"title": "a", "objects": [SERVICE | {"spec": {"externalIPs": ["${external-3}", "${node-3.zone}"]}}]}
    problems = lacking(Scenario.model_validate(changed), BINDING)
    assert len(problems) == 2
    assert problems[0].startswith(
        "the scenario needs ${external-3}, which this cluster has not; it has: echo-0.address"
    )
    with pytest.raises(ProvisionError, match="external-3"):
        BINDING.filled("${external-3}")


def test_pods_of_the_scenario_are_had_by_every_cluster() -> None:
    endpoint = {"addresses": ["${mine.address}"], "nodeName": "${mine.node}"}
    scenario = {"title": "a", "pods": [{"name": "mine"}], "objects": [SLICE | {"endpoints": [endpoint]}]}
    assert lacking(Scenario.model_validate(scenario), BINDING) == []


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ({"apply": SLICE}, "apply EndpointSlice web-1"),
        ({"delete": {"kind": "Service", "name": "web"}}, "delete Service web"),
        (
            {"patch": {"kind": "Service", "name": "web", "patch": {"spec": {"externalIPs": ["a"], "type": None}}}},
            "patch Service web with {spec: {externalIPs: [a], type: null}}",
        ),
        (
            {"patch": {"kind": "Service", "name": "web", "patch": {"status": {"b": True}}, "status": True}},
            "patch Service web (status) with {status: {b: true}}",
        ),
        ({"ready": {"pod": "mine", "ready": False}}, "make pod mine not ready"),
        ({"relabel": {"pod": "mine", "labels": {"app": None}}}, "label pod mine with {app: null}"),
        ({"interrupt": {"proxy": "kill"}}, "kill the proxy on every node"),
        ({"wait": 1.5}, "wait 1.5 s"),
    ],
)
def test_a_step_is_told_in_a_few_words(step: dict[str, object], words: str) -> None:
    scenario = Scenario.model_validate({"title": "a", "objects": [SERVICE], "steps": [step]})
    assert described(scenario.steps[0]) == words


def test_a_slice_is_given_to_a_service_of_its_own_scenario() -> None:
    patch = {"metadata": {"labels": {"kubernetes.io/service-name": "shop", "example.com/note": "a"}}}
    assert BINDING.patch(patch) == {
        "metadata": {"labels": {"kubernetes.io/service-name": "x3-shop", "example.com/note": "a"}}
    }


def test_a_label_is_taken_away_and_a_spec_is_patched_as_it_is_drawn() -> None:
    gone = {"metadata": {"labels": {"kubernetes.io/service-name": None}}, "spec": {"type": "NodePort"}}
    assert BINDING.patch(gone) == gone
