"""Defaults that follow from other fields."""

import base64
from collections.abc import Callable, Mapping
from types import MappingProxyType

from svcproof.json_objects import Object
from svcproof.lab.apiserver.conversion import METRICS, TARGET
from svcproof.lab.apiserver.defaults.constants import CPU, EVERYTHING
from svcproof.lab.apiserver.services import is_externally_accessible

AFFINITY_SECONDS = 10800


def _service(service: Object) -> None:
    """Set the defaults that do not depend on the cluster."""
    spec = service["spec"]
    spec["sessionAffinity"] = spec.get("sessionAffinity") or "None"
    _session_affinity(spec)
    spec["type"] = spec.get("type") or "ClusterIP"
    for port in spec.get("ports") or []:
        port.setdefault("protocol", "TCP")
        if port.get("targetPort") in {None, 0, ""}:
            port["targetPort"] = port.get("port", 0)
    if is_externally_accessible(spec):
        spec.setdefault("externalTrafficPolicy", "Cluster")
    if spec["type"] != "ExternalName":
        spec.setdefault("internalTrafficPolicy", "Cluster")
    else:
        spec.pop("internalTrafficPolicy", None)
    if spec["type"] == "LoadBalancer":
        spec.setdefault("allocateLoadBalancerNodePorts", True)
        for ingress in ((service.get("status") or {}).get("loadBalancer") or {}).get("ingress") or []:
            if ingress.get("ip"):
                ingress.setdefault("ipMode", "VIP")


def _session_affinity(spec: Object) -> None:
    if spec["sessionAffinity"] == "None":
        spec.pop("sessionAffinityConfig", None)
    elif spec["sessionAffinity"] == "ClientIP":
        config = (spec.get("sessionAffinityConfig") or {}).get("clientIP") or {}
        if config.get("timeoutSeconds") is None:
            spec["sessionAffinityConfig"] = {"clientIP": {"timeoutSeconds": AFFINITY_SECONDS}}


def _pod(pod: Object) -> None:
    spec = pod["spec"]
    spec.setdefault("enableServiceLinks", True)
    containers = [*(spec.get("containers") or []), *(spec.get("initContainers") or [])]
    for container in containers:
        resources = container["resources"]
        if resources.get("limits"):
            resources["requests"] = {**resources["limits"], **(resources.get("requests") or {})}
        if spec.get("hostNetwork"):
            for port in container.get("ports") or []:
                port.setdefault("hostPort", port.get("containerPort", 0))


def _container(container: Object) -> None:
    """Pull images without a tag or with `latest` always."""
    last = container.get("image", "").rpartition("/")[2]
    tag = last.partition(":")[2]
    latest = "@" not in last and tag in {"", "latest"}
    container.setdefault("imagePullPolicy", "Always" if latest else "IfNotPresent")


def _volume(volume: Object) -> None:
    if not set(volume) - {"name"}:
        volume["emptyDir"] = {}


def _namespace(item: Object) -> None:
    """Name a namespace in a label of its own."""
    metadata = item["metadata"]
    if metadata.get("name"):
        metadata["labels"] = {**(metadata.get("labels") or {}), "kubernetes.io/metadata.name": metadata["name"]}


def _rolling(**limits: int | str) -> Callable[[Object], None]:
    """The rule that completes the limits of a rolling update."""

    def complete(strategy: Object) -> None:
        if strategy["type"] == "RollingUpdate":
            strategy["rollingUpdate"] = {**limits, **(strategy.get("rollingUpdate") or {})}

    return complete


def _stateful_set_strategy(strategy: Object) -> None:
    if not strategy.get("type"):
        strategy["type"] = "RollingUpdate"
        strategy.setdefault("rollingUpdate", {"partition": 0})


def _stateful_set(item: Object) -> None:
    for claim in item["spec"].get("volumeClaimTemplates") or []:
        claim.update(kind="PersistentVolumeClaim", apiVersion="v1")


def _limits(limit: Object) -> None:
    """Take the default limit from the maximum, and the default request from the limit."""
    if limit["type"] == "Container":
        limit["default"] = {**(limit.get("max") or {}), **(limit.get("default") or {})}
        known = limit.get("defaultRequest") or {}
        limit["defaultRequest"] = {**(limit.get("min") or {}), **limit["default"], **known}


def _claim(spec: Object) -> None:
    """Copy a claim's source of data from the older field to the newer."""
    if spec.get("dataSource"):
        spec.setdefault("dataSourceRef", dict(spec["dataSource"]))


def _network_policy(spec: Object) -> None:
    """Limit incoming traffic always, and outgoing traffic if there are rules for it."""
    if not spec.get("policyTypes"):
        spec["policyTypes"] = ["Ingress", *(["Egress"] if spec.get("egress") else [])]


def _autoscaler(item: Object) -> None:
    """Set a target for the CPU, unless the annotations have newer kinds of metrics."""
    if METRICS not in (item["metadata"].get("annotations") or {}):
        item["spec"].setdefault(TARGET, CPU)


def _scaling(behaviour: Object) -> None:
    """Complete the rules for both directions, once there are rules for one."""
    up, down = behaviour.setdefault("scaleUp", {}), behaviour.setdefault("scaleDown", {})
    up.setdefault("stabilizationWindowSeconds", 0)
    up.setdefault("policies", [{"type": "Pods", "value": 4, "periodSeconds": 15}, dict(EVERYTHING)])
    down.setdefault("policies", [dict(EVERYTHING)])
    for rules in (up, down):
        rules.setdefault("selectPolicy", "Max")


def _job(job: Object) -> None:
    """Complete a Job (not a template of a CronJob); without `completions`, any success ends parallel pods."""
    spec = job["spec"]
    if "parallelism" not in spec:
        spec.setdefault("completions", 1)
        spec["parallelism"] = 1
    spec.setdefault("backoffLimit", 2**31 - 1 if "backoffLimitPerIndex" in spec else 6)
    spec.setdefault("completionMode", "NonIndexed")
    spec.setdefault("suspend", False)
    spec.setdefault("podReplacementPolicy", "Failed" if spec.get("podFailurePolicy") else "TerminatingOrFailed")
    spec.setdefault("manualSelector", False)


def _replication_controller(item: Object) -> None:
    labels = (item["spec"].get("template") or {}).get("metadata", {}).get("labels")
    if labels:
        item["spec"].setdefault("selector", labels)
        item["metadata"].setdefault("labels", labels)


def _node_status(status: Object) -> None:
    if status.get("capacity"):
        status.setdefault("allocatable", status["capacity"])


def _subject(subject: Object) -> None:
    if subject.get("kind") in {"User", "Group"}:
        subject.setdefault("apiGroup", "rbac.authorization.k8s.io")


def _node_spec(spec: Object) -> None:
    if spec.get("podCIDR"):
        spec.setdefault("podCIDRs", [spec["podCIDR"]])
    elif spec.get("podCIDRs"):
        spec["podCIDR"] = spec["podCIDRs"][0]


def _secret(secret: Object) -> None:
    """Move stringData, which can only be written, into data."""
    plain = secret.pop("stringData", None) or {}
    if plain:
        encoded = {key: base64.b64encode(value.encode()).decode() for key, value in plain.items()}
        secret["data"] = {**(secret.get("data") or {}), **encoded}


def _daemon_set(item: Object) -> None:
    annotations = item["metadata"].get("annotations") or {}
    generation = str(item["metadata"].get("generation", 1))
    item["metadata"]["annotations"] = {**annotations, "deprecated.daemonset.template.generation": generation}


COMPUTED: Mapping[str, Callable[[Object], None]] = MappingProxyType(
    {
        "core.Service": _service,
        "core.PersistentVolumeClaimSpec": _claim,
        "core.LimitRangeItem": _limits,
        "core.Pod": _pod,
        "core.Container": _container,
        "core.EphemeralContainer": _container,
        "core.Volume": _volume,
        "core.Namespace": _namespace,
        "core.NodeSpec": _node_spec,
        "core.NodeStatus": _node_status,
        "core.Secret": _secret,
        "core.ReplicationController": _replication_controller,
        "apps.DaemonSet": _daemon_set,
        "apps.DaemonSetUpdateStrategy": _rolling(maxUnavailable=1, maxSurge=0),
        "apps.DeploymentStrategy": _rolling(maxUnavailable="25%", maxSurge="25%"),
        "apps.StatefulSetUpdateStrategy": _stateful_set_strategy,
        "apps.StatefulSet": _stateful_set,
        "autoscaling.HorizontalPodAutoscaler": _autoscaler,
        "autoscalingv2.HorizontalPodAutoscalerBehavior": _scaling,
        "batch.Job": _job,
        "networking.NetworkPolicySpec": _network_policy,
        "rbac.Subject": _subject,
    }
)
