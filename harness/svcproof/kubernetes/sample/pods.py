"""Manifests of pods that run an agent, and of the ConfigMap that carries its files: pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from svcproof.json_objects import Object
from svcproof.kubernetes.objects.cluster_access import LABEL
from svcproof.model.cluster import AgentPlacement

CONFIG_MAP = "svcproof-agent"
MOUNT = "/svcproof"
HOST_PORTS = range(20000, 30000)
"""The control ports of agents in a node's network: below node ports and ephemeral ports."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentPod:
    """An agent pod to be made: its place, its ports, its end."""

    name: str
    namespace: str
    node: str = ""
    labels: Mapping[str, str] | None = None
    tcp: tuple[int, ...] = (8080,)
    udp: tuple[int, ...] = (8080,)
    http: tuple[int, ...] = (8090,)
    """The ports it serves, by protocol; a readiness probe asks the first HTTP port."""
    names: Mapping[str, int] | None = None
    """Container port names; the protocol is TCP. Ports without a name are not declared at all."""
    host_network: bool = False
    readiness: bool = False
    """True for a readiness probe that asks the agent, so that the harness can make the pod unready."""
    ready: bool = True
    """True if the agent says it is ready from the start; matters only with `readiness`."""
    linger: bool = False
    """True if it goes on serving after SIGTERM, until the grace period ends."""
    grace: int = 1
    """terminationGracePeriodSeconds."""
    sleepers: tuple[str, ...] = ()
    """Names of containers beside the agent's that only sleep: to look into with exec."""
    env: Mapping[str, str] | None = None
    """Variables that the pod's spec sets in every container."""
    extra: Mapping[str, object] | None = None
    """More keys of the pod's spec, such as hostname or subdomain."""


def agent_files(directory: Path) -> Mapping[str, str]:
    """The agent's source files, by name, as the ConfigMap holds them."""
    return {path.name: path.read_text() for path in sorted(directory.glob("*.py"))}


def config_map_manifest(namespace: str, files: Mapping[str, str], token: str = "") -> Object:
    """The ConfigMap that every agent pod of a namespace mounts; `token` is the run's."""
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": CONFIG_MAP, "namespace": namespace, "labels": {LABEL: token}},
        "data": dict(files),
    }


def pod_manifest(pod: AgentPod, placement: AgentPlacement) -> Object:
    """The Pod object for an agent."""
    spec: Object = {
        "containers": [_container(pod, placement), *(_sleeper(name, pod, placement) for name in pod.sleepers)],
        "volumes": [{"name": "agent", "configMap": {"name": CONFIG_MAP}}],
        "terminationGracePeriodSeconds": pod.grace,
        "automountServiceAccountToken": False,
        "tolerations": [{"operator": "Exists"}],
        **(pod.extra or {}),
    }
    if placement.security and "initContainers" in spec:
        spec["initContainers"] = [
            {"securityContext": placement.security, **container} for container in spec["initContainers"]
        ]
    if placement.pull_secret:
        spec["imagePullSecrets"] = [{"name": placement.pull_secret}]
    if pod.node:
        spec["nodeName"] = pod.node
    if pod.host_network:
        spec["hostNetwork"] = True
        spec["dnsPolicy"] = "ClusterFirstWithHostNet"
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": pod.name, "namespace": pod.namespace, "labels": dict(pod.labels or {})},
        "spec": spec,
    }


def control_port(pod: Object) -> int:
    """The port of a Pod object's agent that listens on TCP."""
    command = pod["spec"]["containers"][0]["command"]
    return int(command[command.index("--control") + 1].removeprefix("tcp:"))


def _container(pod: AgentPod, placement: AgentPlacement) -> Object:
    container: Object = {
        "name": "agent",
        "image": placement.image,
        "imagePullPolicy": "IfNotPresent",
        "command": ["python3", MOUNT, *_arguments(pod, placement)],
        "env": [*_identity(placement), *_variables(pod)],
        "volumeMounts": [{"name": "agent", "mountPath": MOUNT}],
    }
    if placement.security:
        container["securityContext"] = placement.security
    if pod.names:
        container["ports"] = [{"name": name, "containerPort": port} for name, port in pod.names.items()]
    if pod.readiness:
        container["readinessProbe"] = {
            "httpGet": {"path": "/ready", "port": pod.http[0]},
            "periodSeconds": 1,
            "failureThreshold": 1,
        }
    return container


def _arguments(pod: AgentPod, placement: AgentPlacement) -> Sequence[str]:
    ports = {"--tcp": pod.tcp, "--udp": pod.udp, "--http": pod.http}
    options = [word for option, numbers in ports.items() if numbers for word in (option, ",".join(map(str, numbers)))]
    return [
        "--control",
        _control(pod, placement),
        *options,
        *(["--unready"] if not pod.ready else []),
        *(["--linger"] if pod.linger else []),
    ]


def _control(pod: AgentPod, placement: AgentPlacement) -> str:
    if not pod.host_network or not placement.control.startswith("tcp:"):
        return placement.control
    return f"tcp:{HOST_PORTS[crc32(f'{pod.namespace}/{pod.name}'.encode()) % len(HOST_PORTS)]}"


def _sleeper(name: str, pod: AgentPod, placement: AgentPlacement) -> Object:
    sleep = ["python3", "-c", "import signal; signal.sigwait([signal.SIGTERM])"]
    sleeper = {"name": name, "image": placement.image, "command": sleep, "env": _variables(pod)}
    return sleeper | ({"securityContext": placement.security} if placement.security else {})


def _variables(pod: AgentPod) -> list[Object]:
    return [{"name": name, "value": value} for name, value in (pod.env or {}).items()]


def _identity(placement: AgentPlacement) -> list[Object]:
    fields = {
        "POD_NAME": "metadata.name",
        "POD_NAMESPACE": "metadata.namespace",
        "POD_UID": "metadata.uid",
        "NODE_NAME": "spec.nodeName",
    }
    return [
        {"name": "SVCPROOF_SECRET", "value": placement.secret},
        *({"name": name, "valueFrom": {"fieldRef": {"fieldPath": path}}} for name, path in fields.items()),
    ]
