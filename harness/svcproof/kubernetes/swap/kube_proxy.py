"""kube-proxy as a cluster's own tooling runs it: a DaemonSet, configured by a ConfigMap."""

import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass

from svcproof.errors import NotFound, ProvisionError
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.objects.rollout import selector_of
from svcproof.kubernetes.swap import config
from svcproof.kubernetes.swap.record import Config

NAMESPACE = "kube-system"
NAME = "kube-proxy"


@dataclass(frozen=True, slots=True)
class KubeProxy:
    """The DaemonSet, and where its configuration is: None where it is given by options alone."""

    daemon_set: Object
    config: Config | None

    @property
    def mode(self) -> str:
        """The mode it is told to run in."""
        if self.config:
            return config.mode_of(self.config.text)
        return _option(_words(self.daemon_set), "--proxy-mode") or config.DEFAULT_MODE

    @property
    def version(self) -> str:
        """Its version, by its image's tag; empty where the tag is none."""
        return version_of(container(self.daemon_set)["image"])

    @property
    def selector(self) -> str:
        """Its pods."""
        return selector_of(self.daemon_set)

    def __str__(self) -> str:
        return f"kube-proxy {self.version}".rstrip() + f", mode {self.mode}"


def find(kube: Kube) -> KubeProxy | None:
    """Return the kube-proxy of a cluster, or None where it has none that the API shows."""
    try:
        daemon_set = kube.get("DaemonSet", NAME, NAMESPACE)
    except NotFound:
        return None
    return KubeProxy(daemon_set, _config(kube, daemon_set))


def wanted(kube: Kube) -> KubeProxy:
    """Return the kube-proxy of a cluster; raises ProvisionError where it has none."""
    found = find(kube)
    if found is None:
        raise ProvisionError(
            f"no mode of kube-proxy can be set: this cluster has no DaemonSet {NAME} in namespace {NAMESPACE}. "
            "Use a cluster that has it, or test what is there with --proxy cluster-default"
        )
    return found


def container(daemon_set: Object) -> Object:
    """The container that kube-proxy runs in."""
    containers: list[Object] = daemon_set["spec"]["template"]["spec"]["containers"]
    return next((one for one in containers if one["name"] == NAME), containers[0])


def version_of(image: str) -> str:
    """Return the version in an image's tag, such as v1.36.3, or nothing."""
    tag = re.search(r":v?(\d+\.\d+\.\d+[^@/]*)", image)
    return f"v{tag[1]}" if tag else ""


def _config(kube: Kube, daemon_set: Object) -> Config | None:
    """The key of the ConfigMap that is mounted where --config says."""
    directory, _, key = _option(_words(daemon_set), "--config").rpartition("/")
    mounts = container(daemon_set).get("volumeMounts") or ()
    volumes: Iterable[Object] = daemon_set["spec"]["template"]["spec"].get("volumes") or ()
    names = {mount["name"] for mount in mounts if directory and mount["mountPath"].rstrip("/") == directory}
    source = next((one["configMap"]["name"] for one in volumes if one["name"] in names and "configMap" in one), None)
    if source is None:
        return None
    text = kube.get("ConfigMap", source, NAMESPACE).get("data", {}).get(key)
    return None if text is None else Config(source, NAMESPACE, key, text)


def _words(daemon_set: Object) -> list[str]:
    it = container(daemon_set)
    words = [*(it.get("command") or ()), *(it.get("args") or ())]
    # Some start it by a shell, with all of the command in one word.
    return [part for word in words for part in (shlex.split(word) if " " in word else (word,))]


def _option(words: list[str], name: str) -> str:
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word.startswith(f"{name}="):
            return word.partition("=")[2]
        if word == name:
            return following
    return ""
