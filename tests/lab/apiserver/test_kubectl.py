"""kubectl, unmodified, in plain use."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from svcproof.lab.apiserver.resources import catalogue
from svcproof.lab.apiserver.warnings import IDLE, WARNING, plural_name

pytestmark = pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not installed")
Kubectl = Callable[..., str]
AUTOSCALERS = "horizontalpodautoscalers"
IDLE_KINDS = {plural_name(resource): IDLE[resource.type] for resource in catalogue() if resource.type in IDLE}
RULES = "rbac.authorization.k8s.io"
ROLE = {"apiGroup": RULES, "kind": "ClusterRole", "name": "idle"}
JOB = {"template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "main", "image": "busybox"}]}}}
IDLE_OBJECTS: list[dict[str, Any]] = [
    {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "spec": {"maxReplicas": 2, "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}},
    },
    {"apiVersion": "batch/v1", "kind": "CronJob", "spec": {"schedule": "* * * * *", "jobTemplate": {"spec": JOB}}},
    {"apiVersion": "v1", "kind": "LimitRange", "spec": {"limits": [{"type": "Pod", "max": {"cpu": "2"}}]}},
    {"apiVersion": "v1", "kind": "ResourceQuota", "spec": {"hard": {"pods": "1"}}},
    {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "spec": {"defaultBackend": {"service": {"name": "web", "port": {"number": 80}}}},
    },
    {"apiVersion": "networking.k8s.io/v1", "kind": "IngressClass", "spec": {"controller": "example.com/ingress"}},
    {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "spec": {"podSelector": {}}},
    {"apiVersion": "networking.k8s.io/v1", "kind": "ServiceCIDR", "spec": {"cidrs": ["10.97.0.0/16"]}},
    {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "IPAddress",
        "metadata": {"name": "10.96.7.7"},
        "spec": {"parentRef": {"resource": "services", "name": "web", "namespace": "default"}},
    },
    {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "spec": {"minAvailable": 1}},
    {"apiVersion": f"{RULES}/v1", "kind": "ClusterRole", "rules": []},
    {"apiVersion": f"{RULES}/v1", "kind": "ClusterRoleBinding", "roleRef": ROLE},
    {"apiVersion": f"{RULES}/v1", "kind": "Role", "rules": []},
    {"apiVersion": f"{RULES}/v1", "kind": "RoleBinding", "roleRef": ROLE},
    {"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "value": 7},
]
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: db}\nspec: {ports: [{port: %s}]}"


@pytest.fixture
def kubectl(kubeconfig: Path, tmp_path: Path, warned: list[str]) -> Kubectl:
    def run(*arguments: str, stdin: str = "", fails: bool = False) -> str:
        environment = {**os.environ, "KUBECONFIG": str(kubeconfig), "KUBECACHEDIR": str(tmp_path / "cache")}
        done = subprocess.run(
            ["kubectl", *arguments], env=environment, input=stdin, capture_output=True, text=True, timeout=60
        )
        assert (done.returncode != 0) == fails, done.stdout + done.stderr
        warned.extend(line for line in done.stderr.splitlines() if line.startswith("Warning: "))
        return done.stderr if fails else done.stdout

    return run


@pytest.fixture
def warned() -> list[str]:
    """The warnings that kubectl has printed."""
    return []


def test_a_created_and_exposed_deployment_gets_a_cluster_ip_and_a_node_port(kubectl: Kubectl) -> None:
    kubectl("create", "deployment", "web", "--image=nginx", "--port=80")
    kubectl("expose", "deployment", "web", "--type=NodePort")

    row = kubectl("get", "service", "web", "--no-headers").split()

    assert row[:2] == ["web", "NodePort"]
    assert row[2].startswith("10.96.")
    assert 30000 <= int(row[4].removeprefix("80:").removesuffix("/TCP")) <= 32767


@pytest.mark.parametrize("how", [(), ("--server-side",)])
def test_an_applied_service_follows_its_manifest(kubectl: Kubectl, how: tuple[str, ...]) -> None:
    kubectl("apply", *how, "-f", "-", stdin=SERVICE % 5432)
    kubectl("apply", *how, "-f", "-", stdin=SERVICE % 5433)

    assert kubectl("get", "service", "db", "-o", "jsonpath={.spec.ports[*].port}") == "5433"


def test_an_applied_service_is_unchanged_when_applied_again(kubectl: Kubectl) -> None:
    first = kubectl("apply", "-f", "-", stdin=SERVICE % 5432)
    again = kubectl("apply", "-f", "-", stdin=SERVICE % 5432)

    assert (first, again) == ("service/db created\n", "service/db unchanged\n")


def test_run_with_expose_makes_a_pod_and_a_service_that_selects_it(kubectl: Kubectl) -> None:
    output = kubectl("run", "web", "--image=nginx", "--port=80", "--expose")

    assert output.splitlines() == ["service/web created", "pod/web created"]
    assert kubectl("get", "service", "web", "-o", "jsonpath={.spec.selector}") == '{"run":"web"}'


def test_scale_label_patch_and_wait_change_a_deployment(kubectl: Kubectl) -> None:
    kubectl("create", "deployment", "web", "--image=nginx")
    kubectl("scale", "deployment", "web", "--replicas=3")
    kubectl("label", "deployment", "web", "tier=front")
    kubectl("patch", "deployment", "web", "-p", '{"spec":{"template":{"spec":{"hostNetwork":true}}}}')
    kubectl("set", "image", "deployment/web", "nginx=nginx:1.27")
    kubectl("wait", "--for=jsonpath={.spec.replicas}=3", "deployment/web", "--timeout=5s")

    template = "{.metadata.labels.tier} {.spec.template.spec.hostNetwork} {.spec.template.spec.containers[0].image}"
    assert kubectl("get", "deployment", "web", "-o", f"jsonpath={template}") == "front true nginx:1.27"


def test_describe_tells_of_a_service_and_its_endpoints(kubectl: Kubectl) -> None:
    kubectl("create", "service", "clusterip", "web", "--tcp=80:8080")

    description = kubectl("describe", "service", "web")

    assert "TargetPort:               8080/TCP" in description
    assert "Endpoints:                <none>" in description


def test_edit_changes_what_the_editor_changed(kubectl: Kubectl, monkeypatch: pytest.MonkeyPatch) -> None:
    kubectl("create", "service", "clusterip", "web", "--tcp=80")
    monkeypatch.setenv("KUBE_EDITOR", "sed -i s/targetPort:.80/targetPort:\\ 81/")

    kubectl("edit", "service", "web")

    assert kubectl("get", "service", "web", "-o", "jsonpath={.spec.ports[0].targetPort}") == "81"


def test_an_unknown_field_is_refused(kubectl: Kubectl) -> None:
    message = kubectl("apply", "-f", "-", stdin=SERVICE.replace("}]}", "}], colour: red}") % 80, fails=True)

    assert 'unknown field "spec.colour"' in message


def test_the_service_of_the_api_server_comes_back_when_it_is_deleted(kubectl: Kubectl) -> None:
    kubectl("delete", "service", "kubernetes")
    kubectl("wait", "--for=jsonpath={.spec.clusterIP}=10.96.0.1", "service/kubernetes", "--timeout=5s")

    assert kubectl("get", "service", "kubernetes", "-o", "jsonpath={.spec.ports[0].targetPort}") == "6443"


def test_a_job_selects_the_pods_of_its_own_template_alone(kubectl: Kubectl) -> None:
    kubectl("create", "job", "tidy", "--image=busybox")

    job = json.loads(kubectl("get", "job", "tidy", "-o", "json"))

    selected = {"batch.kubernetes.io/controller-uid": job["metadata"]["uid"]}
    assert job["spec"]["selector"] == {"matchLabels": selected}
    assert selected.items() <= job["spec"]["template"]["metadata"]["labels"].items()


def test_a_kind_that_is_not_there_is_named(kubectl: Kubectl) -> None:
    message = kubectl("apply", "-f", "-", stdin="apiVersion: x/v1\nkind: Sprocket\nmetadata: {name: a}\n", fails=True)

    assert 'no matches for kind "Sprocket" in version "x/v1"' in message


def test_a_debug_container_is_put_beside_those_of_a_pod(kubectl: Kubectl) -> None:
    kubectl("run", "web", "--image=nginx")

    kubectl("debug", "web", "--image=busybox")

    assert kubectl("get", "pod", "web", "-o", "jsonpath={.spec.ephemeralContainers[*].image}") == "busybox"


def test_kinds_that_nothing_acts_on_have_their_columns(kubectl: Kubectl) -> None:
    kubectl("create", "cronjob", "clock", "--image=busybox", "--schedule=*/5 * * * *", "--", "date")
    kubectl("create", "deployment", "web", "--image=nginx")
    kubectl("autoscale", "deployment", "web", "--min=1", "--max=3", "--cpu-percent=50")
    kubectl("create", "pdb", "web", "--selector=app=web", "--min-available=1")
    kubectl("create", "quota", "few", "--hard=services=1")

    shown = [kubectl("get", kind).splitlines() for kind in ("cronjob", "hpa", "pdb", "quota")]

    assert [re.split(r"  +", head.strip()) for head, _ in shown] == [
        ["NAME", "SCHEDULE", "TIMEZONE", "SUSPEND", "ACTIVE", "LAST SCHEDULE", "AGE"],
        ["NAME", "REFERENCE", "TARGETS", "MINPODS", "MAXPODS", "REPLICAS", "AGE"],
        ["NAME", "MIN AVAILABLE", "MAX UNAVAILABLE", "ALLOWED DISRUPTIONS", "AGE"],
        ["NAME", "REQUEST", "LIMIT", "AGE"],
    ]
    assert re.split(r"  +", shown[1][1])[1:6] == ["Deployment/web", "cpu: <unknown>/50%", "1", "3", "0"]


@pytest.mark.parametrize(("written", "read"), [("v1", "v2"), ("v2", "v1")])
def test_an_autoscaler_of_one_version_is_read_and_changed_in_the_other(
    kubectl: Kubectl, written: str, read: str
) -> None:
    metrics = "[{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}]"
    target = {"v1": "targetCPUUtilizationPercentage: 50", "v2": f"metrics: {metrics}"}[written]
    reference = "scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}"
    head = f"apiVersion: autoscaling/{written}\nkind: HorizontalPodAutoscaler\nmetadata: {{name: web}}\n"
    kubectl("apply", "-f", "-", stdin=f"{head}spec: {{{reference}, maxReplicas: 3, {target}}}")
    kubectl("patch", f"{AUTOSCALERS}.{read}.autoscaling/web", "-p", '{"spec": {"maxReplicas": 5}}')

    path = {"v1": "targetCPUUtilizationPercentage", "v2": "metrics[0].resource.target.averageUtilization"}
    for version, field in path.items():
        template = f"jsonpath={{.spec.maxReplicas}} {{.spec.{field}}}"
        assert kubectl("get", f"{AUTOSCALERS}.{version}.autoscaling/web", "-o", template) == "5 50"


def test_a_kind_that_nothing_acts_on_is_warned_of_when_it_is_made(kubectl: Kubectl) -> None:
    warned = kubectl("create", "role", "r", "--verb=get", "--resource=pods", "--warnings-as-errors", fails=True)

    assert "nothing in this lab acts on Roles: every caller may do everything" in warned


def test_explain_tells_type_values_and_meaning_of_a_field_of_services(kubectl: Kubectl) -> None:
    explained = kubectl("explain", "service.spec.type")

    assert "FIELD: type <string>" in explained
    assert re.findall(r"ClusterIP|ExternalName|LoadBalancer|NodePort", explained)[:4] == [
        *("ClusterIP", "ExternalName", "LoadBalancer", "NodePort"),
    ]
    assert "The way to the Service" in explained


@pytest.mark.parametrize(
    ("field", "line"),
    [
        ("deployment.spec.template.spec.containers", "FIELD: containers <[]Container>"),
        ("hpa.spec.metrics.resource.target", "FIELD: target <MetricTarget>"),
        ("configmap.data", "FIELD: data <map[string]string>"),
        ("pod.spec.containers.resources.limits", "FIELD: limits <map[string]Quantity>"),
    ],
)
def test_explain_knows_names_and_types_of_every_kind(kubectl: Kubectl, field: str, line: str) -> None:
    assert line in kubectl("explain", field)


def test_explain_says_that_a_field_does_not_exist(kubectl: Kubectl) -> None:
    assert 'field "colour" does not exist' in kubectl("explain", "service.spec.colour", fails=True)


def test_kinds_that_nothing_acts_on_are_warned_of_when_made_and_when_changed(
    kubectl: Kubectl, warned: list[str]
) -> None:
    expected = {f"Warning: {WARNING} {plural}: {consequence}" for plural, consequence in IDLE_KINDS.items()}

    for colour in ("red", "blue"):
        labels = {"colour": colour}
        items = [
            {**item, "metadata": {"name": "idle", **item.get("metadata", {}), "labels": labels}}
            for item in IDLE_OBJECTS
        ]
        warned.clear()
        kubectl("apply", "-f", "-", stdin=json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))

        assert set(warned) == expected


def test_kinds_that_something_acts_on_are_not_warned_of(kubectl: Kubectl, warned: list[str]) -> None:
    kubectl("create", "deployment", "web", "--image=nginx", "--port=80")
    kubectl("expose", "deployment", "web")
    kubectl("label", "service", "web", "tier=front")

    assert warned == []
