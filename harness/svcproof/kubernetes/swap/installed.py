"""What is under test, once it is there."""

from collections.abc import Mapping
from dataclasses import dataclass

from svcproof.json_objects import Object
from svcproof.kubernetes.objects.rollout import called, selector_of
from svcproof.kubernetes.swap.kube_proxy import KubeProxy, version_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """The proxy under test, in words and by its pods; without a selector no pods are known to be it."""

    what: str
    """Such as "kube-proxy v1.36.3, mode nftables"."""
    name: str = ""
    """Its DaemonSet's."""
    namespace: str = ""
    selector: str = ""
    versions: Mapping[str, str]
    """Component to version, where one can be told."""


def of_kube_proxy(found: KubeProxy, mode: str) -> Installed:
    """Describe kube-proxy, running in a mode."""
    metadata = found.daemon_set["metadata"]
    return Installed(
        what=" ".join(("kube-proxy", *([found.version] if found.version else []))) + f", mode {mode}",
        name=metadata["name"],
        namespace=metadata["namespace"],
        selector=found.selector,
        versions={"kube-proxy": found.version} if found.version else {},
    )


def of_daemon_set(daemon_set: Object, title: str) -> Installed:
    """Describe a proxy by the DaemonSet that runs it."""
    metadata = daemon_set["metadata"]
    images = {one["name"]: one["image"] for one in daemon_set["spec"]["template"]["spec"]["containers"]}
    versions = {name: version for name, image in images.items() if (version := version_of(image))}
    return Installed(
        what=f"{title}: {called(daemon_set)}, {', '.join(images.values())}",
        name=metadata["name"],
        namespace=metadata["namespace"],
        selector=selector_of(daemon_set),
        versions=versions,
    )
