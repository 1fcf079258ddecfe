"""A declared proxy: `fixtures/proxies/<name>.yaml`."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, HttpUrl

from harness.model.declared import Declared
from harness.model.verdict import Claims
from harness.model.vocabulary import Feature

PLACEHOLDERS = frozenset({"kubeconfig", "node", "node_ip", "pod_range", "service_range", "python", "directory"})
PLACEHOLDER = re.compile(r"\{([A-Za-z_]+)\}")
"""A word in braces; braces around anything else, such as JSON, are left as they are."""


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put the values in the place of the placeholders of `text`; declare has refused unknown ones."""
    return PLACEHOLDER.sub(lambda match: values[match[1]], text)


class Program(Declared):
    """A program started on each node of the lab.

    `command` and `environment` may hold the placeholders {kubeconfig}, {node}, {node_ip}, {pod_range},
    {service_range}, {python} and {directory} (a writable one of its own); see `fill`.
    """

    command: Annotated[tuple[str, ...], Field(min_length=1)]
    """Its first word is a path, a program on PATH, or a component that svcproof obtains, such as kube-proxy.

    Relative to the declaration's folder are: a first word with a slash in it, any word that starts with ./ or ../,
    and any with a slash that names a file there.
    """
    environment: Mapping[str, str] = {}
    """Variables it gets beside those of the lab."""
    fault_option: str = ""
    """The option that switches on a fault, of a proxy that has faults to switch on."""


class KubeProxy(Declared):
    """kube-proxy as the cluster's own tooling installs it, in this mode; `none` takes it off and installs nothing."""

    mode: Literal["iptables", "nftables", "ipvs", "none"]


class Helm(Declared):
    """A Helm chart, installed by the program helm."""

    chart: Annotated[str, Field(min_length=1)]
    """A folder or archive (with a slash in it), an address such as oci://registry/chart, or a name in `repo`."""
    repo: str = ""
    """The address of a chart repository."""
    version: str = ""
    """The chart's version; empty: the latest. Of a proxy's own version, the chart's values tell."""
    namespace: Annotated[str, Field(pattern=r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")] = "kube-system"
    values: Mapping[str, Any] = {}
    """What a values file would hold."""


class Install(Declared):
    """How the proxy gets into a cluster: `program` into the lab, one of the others into any other cluster.

    By `manifests`, `helm` or `script` it takes the place of kube-proxy. Relative paths are relative to the
    declaration's folder.
    """

    program: Program | None = None
    """Started on each node of the lab."""
    kube_proxy: KubeProxy | None = None
    """Set up with the cluster."""
    manifests: tuple[str, ...] = ()
    """Files of Kubernetes objects to apply."""
    helm: Helm | None = None
    script: str = ""
    """A program that is called with `install` and later with `uninstall`, given a kubeconfig in KUBECONFIG."""
    cluster_default: Literal[True] | None = None
    """Nothing is installed: under test is what the cluster has."""


class Ready(Declared):
    """When the proxy counts as ready."""

    http: str = ""
    """A URL that answers 200 then, asked on each node itself; empty: once it is started."""
    within: float = Field(default=30.0, gt=0)
    """Seconds after which it counts as not having become ready."""


class Deviation(Declared):
    """A behaviour the proxy is documented not to show."""

    behaviour: str
    """The behaviour's id, as `svcproof list` prints it."""
    why: str
    url: HttpUrl
    """Where the proxy's own documentation or issue says so."""


class ProxySpec(Declared):
    """A proxy as declared."""

    name: str = ""
    """The file's name; not a key of the file."""
    version: str = ""
    """The version of the component its command starts, from `name@version`; empty: whichever. Not a key of the file."""
    title: str = ""
    """What people call it."""
    homepage: str = ""
    install: Install = Install()
    ready: Ready = Ready()
    convergence: float = Field(default=10.0, gt=0)
    """Seconds within which a change of the API must show in the data path."""
    features: tuple[Feature, ...] | None = None
    """Features it claims beyond the core; without the key it claims everything."""
    deviations: tuple[Deviation, ...] = ()
    """What it is documented not to do; each is shown as `deviates` instead of failing."""

    @property
    def claims(self) -> Claims:
        """What judging needs of it."""
        return Claims(
            features=None if self.features is None else frozenset(self.features),
            deviations={one.behaviour: f"{one.why} ({one.url})" for one in self.deviations},
        )
