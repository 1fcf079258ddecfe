"""kube-proxy as a cluster's own tooling runs it: a DaemonSet, configured by a ConfigMap.

https://kubernetes.io/docs/reference/config-api/kube-proxy-config.v1alpha1/
"""

import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass

from svcproof.errors import ProvisionError
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.objects.rollout import selector_of
from svcproof.kubernetes.swap.change_record import SavedConfiguration
from svcproof.yaml_reading import MANIFEST, Part, Unsound, parse

NAMESPACE = "kube-system"
NAME = "kube-proxy"
DEFAULT_MODE = "iptables"
"""The mode on Linux of a kube-proxy that is configured without one."""


@dataclass(frozen=True, slots=True)
class InstalledKubeProxy:
    """The DaemonSet and its configuration, which is None if there are only command line options."""

    daemon_set: Object
    configuration: SavedConfiguration | None

    @property
    def mode(self) -> str:
        """The mode it is configured to run in."""
        if self.configuration:
            return mode_in(self.configuration.text)
        return _option(_command_line(self.daemon_set), "--proxy-mode") or DEFAULT_MODE

    @property
    def version(self) -> str:
        """The version in its image's tag; empty if the tag has none."""
        return version_of(container_of(self.daemon_set)["image"])

    @property
    def title(self) -> str:
        """Its name and version."""
        return f"kube-proxy {self.version}".rstrip()

    @property
    def selector(self) -> str:
        """The selector of its pods."""
        return selector_of(self.daemon_set)

    @property
    def is_scheduled(self) -> bool:
        """True if there is a node it should run on."""
        return bool(self.daemon_set["status"]["desiredNumberScheduled"])


def find_kube_proxy(kube: Kube) -> InstalledKubeProxy | None:
    """Return the kube-proxy of a cluster, or None if the API shows none."""
    daemon_set = kube.find("DaemonSet", NAME, NAMESPACE)
    return InstalledKubeProxy(daemon_set, _configuration(kube, daemon_set)) if daemon_set else None


def require_kube_proxy(kube: Kube) -> InstalledKubeProxy:
    """Return the kube-proxy of a cluster; raises ProvisionError if there is none."""
    installed = find_kube_proxy(kube)
    if installed is None:
        raise ProvisionError(
            f"no mode of kube-proxy can be set: this cluster has no DaemonSet {NAME} in namespace {NAMESPACE}. "
            "Use a cluster that has it, or test what is there with --proxy cluster-default"
        )
    return installed


def container_of(daemon_set: Object) -> Object:
    """The container that kube-proxy runs in."""
    containers: list[Object] = daemon_set["spec"]["template"]["spec"]["containers"]
    return next((container for container in containers if container["name"] == NAME), containers[0])


def version_of(image: str) -> str:
    """The version in an image's tag, such as v1.37.2; empty if there is none."""
    tag = re.search(r":v?(\d+\.\d+\.\d+[^@/]*)", image)
    return f"v{tag[1]}" if tag else ""


def mode_in(configuration: str) -> str:
    """The mode that a configuration file asks for; raises ProvisionError if it is not a YAML mapping."""
    return str(_parsed(configuration).value.get("mode") or DEFAULT_MODE)


def with_mode(configuration: str, mode: str) -> str:
    """The configuration file with another mode and every other character as it was."""
    part = _parsed(configuration)
    if "mode" not in part.value:
        return f"{configuration.rstrip()}\nmode: {mode}\n"
    place = part.places["mode",]
    start, end = _index(configuration, place.value), _index(configuration, place.end)
    space = "" if start and configuration[start - 1].isspace() else " "
    return f"{configuration[:start]}{space}{mode}{configuration[end:]}"


def _parsed(configuration: str) -> Part:
    try:
        parts = parse(configuration, MANIFEST)
    except Unsound as error:
        raise ProvisionError(f"kube-proxy's configuration in the cluster is not valid YAML: {error}") from error
    if len(parts) != 1 or not isinstance(parts[0].value, dict):
        raise ProvisionError("kube-proxy's configuration in the cluster is not a YAML mapping")
    return parts[0]


def _index(text: str, place: tuple[int, int]) -> int:
    """The position in the text of a line and column, which begin with 1."""
    line, column = place
    return sum(map(len, text.splitlines(keepends=True)[: line - 1])) + column - 1


def _configuration(kube: Kube, daemon_set: Object) -> SavedConfiguration | None:
    """Read the key of the ConfigMap that is mounted at the path of the option --config."""
    directory, _, key = _option(_command_line(daemon_set), "--config").rpartition("/")
    mounts = container_of(daemon_set).get("volumeMounts") or ()
    volumes: Iterable[Object] = daemon_set["spec"]["template"]["spec"].get("volumes") or ()
    names = {mount["name"] for mount in mounts if directory and mount["mountPath"].rstrip("/") == directory}
    mounted = (volume for volume in volumes if volume["name"] in names and "configMap" in volume)
    name = next((volume["configMap"]["name"] for volume in mounted), None)
    if name is None:
        return None
    text = kube.get("ConfigMap", name, NAMESPACE).get("data", {}).get(key)
    return None if text is None else SavedConfiguration(name, NAMESPACE, key, text)


def _command_line(daemon_set: Object) -> list[str]:
    container = container_of(daemon_set)
    words = [*(container.get("command") or ()), *(container.get("args") or ())]
    # Some start it by a shell, with all of the command in one word.
    return [part for word in words for part in (shlex.split(word) if " " in word else (word,))]


def _option(words: list[str], name: str) -> str:
    for word, following in zip(words, [*words[1:], ""], strict=False):  # The image's own command has no words.
        if word.startswith(f"{name}="):
            return word.partition("=")[2]
        if word == name:
            return following
    return ""
