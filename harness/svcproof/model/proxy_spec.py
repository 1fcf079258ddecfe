"""A declared proxy: `fixtures/proxies/<name>.yaml`."""

import re
import shlex
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from svcproof.limits import Judged, Provision
from svcproof.model.release import Release
from svcproof.model.verdict import Claims
from svcproof.model.vocabulary import CLAIMED_BY_DEFAULT, Feature
from svcproof.model.words import (
    BehaviourId,
    Declared,
    Line,
    NotEmpty,
    Option,
    Source,
    Told,
    Url,
    Value,
    Variable,
    Word,
    option,
    url,
)

ALL_BUT = "all-but"
ALSO = "also"
PLACEHOLDERS = frozenset({"kubeconfig", "node", "node_ip", "pod_range", "service_range", "python", "directory"})
EVIDENCE_PLACEHOLDERS = frozenset({"node", "node_ip", "python"})
PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_.-]*)\}")
"""A word in braces; braces around anything else, such as JSON, are left as they are."""


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put the values in the place of the placeholders of `text`; declare has refused unknown ones."""
    return PLACEHOLDER.sub(lambda match: values[match[1]], text)


class Program(Declared):
    """A program started on each node of the lab.

    `command` and `environment` may hold the placeholders {kubeconfig}, {node}, {node_ip}, {pod_range},
    {service_range}, {python} and {directory} (a writable one of its own); see `fill`.
    """

    command: Annotated[tuple[Word, ...], Field(min_length=1, max_length=1000)]
    """Its first word is a path, a program on PATH, or a component that svcproof obtains, such as kube-proxy.

    Relative to the declaration's folder are: a first word with a slash in it, any word that starts with ./ or ../,
    and any with a slash that names a file there.
    """
    environment: Annotated[Mapping[Variable, Value], Field(max_length=1000)] = {}
    """Variables it gets beside those of the lab."""
    fault_option: Annotated[str, Field(pattern=r"^(-[!-~]+)?$", max_length=100)] = ""
    """The option that switches on a fault, of a proxy that has faults to switch on."""
    mode_option: Annotated[str, Field(pattern=r"^(-[!-~]+)?$", max_length=100)] = ""
    """The option in `command` that the mode follows, of a proxy that has several."""
    modes: Annotated[tuple[Word, ...], Field(max_length=100)] = ()
    """The modes that it can be changed to and from, where another one has run before on the node."""
    earlier: Annotated[tuple[Word, ...], Field(max_length=1000)] = ()
    """The command of an earlier release, from which it is upgraded; it may hold the placeholders of `command`.

    Without it kube-proxy is upgraded from the oldest release at hand.
    """


class KubeProxy(Declared):
    """kube-proxy as the cluster's own tooling installs it, in this mode; `none` takes it off and installs nothing."""

    mode: Literal["iptables", "nftables", "ipvs", "none"]
    """Its mode, or `none`."""


class Helm(Declared):
    """A Helm chart, installed by the program helm."""

    chart: Annotated[NotEmpty, AfterValidator(option)]
    """A folder or archive (with a slash in it), an address such as oci://registry/chart, or a name in `repo`."""
    repo: Source = ""
    """The address of a chart repository."""
    version: Option = ""
    """The chart's version; empty: the latest. Of a proxy's own version, the chart's values tell."""
    namespace: Annotated[str, Field(pattern=r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", max_length=63)] = "kube-system"
    """The namespace of the release."""
    values: Mapping[str, Any] = {}
    """The content of a values file."""


class Install(Declared):
    """The way to get the proxy into a cluster: `program` in the lab, one of the others elsewhere.

    By `manifests`, `helm` or `script` it takes the place of kube-proxy. Relative paths are relative to the
    declaration's folder.
    """

    program: Program | None = None
    """Started on each node of the lab."""
    kube_proxy: KubeProxy | None = None
    """Set up with the cluster."""
    manifests: Annotated[tuple[Told, ...], Field(max_length=100)] = ()
    """Files of Kubernetes objects to apply."""
    helm: Helm | None = None
    daemon_set: Annotated[str, Field(pattern=r"^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$", max_length=253)] = ""
    """The DaemonSet that shows that a cluster has the proxy already: it is then tested as it is there."""
    script: Line = ""
    """A program that is called with `install` and later with `uninstall`, given a kubeconfig in KUBECONFIG."""
    cluster_default: Literal[True] | None = None
    """Nothing is installed: under test is what the cluster has."""


class Ready(Declared):
    """The condition on which the proxy counts as ready."""

    http: Line = ""
    """A URL that answers 200 then, asked on each node itself; empty: once it is started."""
    within: float = Field(default=Provision.PROXY_READY.usual, ge=0.1, le=3600)
    """Seconds after which it counts as not having become ready."""


def _words(value: object) -> object:
    """The words of a command, which may be written as one line."""
    if not isinstance(value, str):
        return tuple(value) if isinstance(value, list) else value
    try:
        return tuple(shlex.split(value))
    except ValueError as error:
        raise ValueError(f"is no command: {str(error).lower()}") from error


def _or_line(schema: dict[str, Any]) -> None:
    """Add the way to write a command as one line."""
    listed = dict(schema)
    schema.clear()
    schema["anyOf"] = [listed, {"type": "string", "minLength": 1}]


COMMAND = Field(min_length=1, max_length=1000, json_schema_extra=_or_line)


class ProxyEvidence(Declared):
    """Evidence of the proxy's own, taken where a check does not hold."""

    commands: Annotated[
        tuple[Annotated[tuple[Word, ...], COMMAND, BeforeValidator(_words)], ...],
        Field(max_length=20),
    ] = ()
    """Commands that print how it serves Services, for data paths without rules of nftables, iptables or IPVS.

    Each is a list of words, or a line that is split as a shell would, without a shell. A lab runs it on each node,
    other clusters in the proxy's pod on each node. {node}, {node_ip} and {python} may stand in it; relative paths are
    relative to the declaration's folder, as in install.program.command.
    """


class Deviation(Declared):
    """A behaviour the proxy is documented not to show."""

    behaviour: BehaviourId
    """The behaviour's id, as `svcproof list` prints it."""
    why: Told
    """The reason, in a few words."""
    url: Annotated[NotEmpty, AfterValidator(url)]
    """The page or issue of the proxy itself that says so."""

    @model_validator(mode="before")
    @classmethod
    def _is_no_pattern(cls, value: object) -> object:
        if isinstance(value, str):
            raise ValueError(
                "a deviation is a mapping of behaviour, why and url, and of one behaviour: a pattern would hide what "
                "comes later"
            )
        return value


def _or_all_but(schema: dict[str, Any]) -> None:
    """Add the way to say features that `harness/svcproof/declare/proxies.py` writes out."""
    listed = schema["anyOf"][0]
    properties = {ALL_BUT: listed, ALSO: listed}
    schema["anyOf"].append(
        {"type": "object", "properties": properties, "minProperties": 1, "additionalProperties": False}
    )


def _release(text: str) -> str:
    """A release, or nothing; raises ValueError."""
    return str(Release.read(text)) if text else ""


def _or_relative(schema: dict[str, Any]) -> None:
    """Add the way to say deviations that `harness/svcproof/declare/extension.py` writes out."""
    listed = {key: schema.pop(key) for key in ("items", "maxItems", "type")}
    properties = {ALL_BUT: {"items": {"type": "string"}, "type": "array"}, ALSO: listed}
    relative = {"type": "object", "properties": properties, "minProperties": 1, "additionalProperties": False}
    schema["anyOf"] = [listed, relative]


class ProxySpec(Declared):
    """A proxy as declared."""

    name: str = ""
    """The file's name; not a key of the file."""
    version: str = ""
    """The version of the component its command starts, from `name@version`; empty: whichever. Not a key of the file."""
    extends: Line = ""
    """Another declaration, by name or file, that holds for this one too, but for what it says itself.

    Mappings are joined key by key; everything else takes the place of what the other says. `all-but` and `also` of
    `features` and `deviations` are relative to the other's. That one extends none.
    """
    title: Line = ""
    """Its name for people."""
    homepage: Url = ""
    """The address of its documentation."""
    install: Install = Install()
    ready: Ready = Ready()
    kubernetes: Annotated[str, AfterValidator(_release)] = ""
    """The release whose promises it keeps, such as "1.33", where it is older than clusters that it may run in.

    What came later is then not asked of it. Empty: kube-proxy's own release; of another proxy, the cluster's.
    """
    convergence: float = Field(default=Judged.CONVERGENCE.usual, ge=0.1, le=3600)
    """Seconds within which a change of the API must show in the data path."""
    evidence: ProxyEvidence = ProxyEvidence()
    features: Annotated[tuple[Feature, ...] | None, Field(json_schema_extra=_or_all_but)] = None
    """Features it claims beyond the core.

    Without the key it claims all but those that are claimed by name only (service-proxy-name, affinity-timeout,
    client-address, external-ips-off); `all-but` leaves some of these out, and `also` names some of those.
    """
    named: tuple[Feature, ...] = ()
    """The features among these that the file claims by name, and not all but some others. Not a key of the file."""
    deviations: Annotated[tuple[Deviation, ...], Field(max_length=1000, json_schema_extra=_or_relative)] = ()
    """Its documented deviations; each is shown as `deviates` instead of failing.

    Where it extends another, `all-but` names behaviours whose deviations it does not share, and `also` has its own.
    """

    @property
    def claims(self) -> Claims:
        """The claims that verdicts are judged by."""
        return Claims(
            features=CLAIMED_BY_DEFAULT if self.features is None else frozenset(self.features),
            named=frozenset(self.named),
            deviations={deviation.behaviour: f"{deviation.why} ({deviation.url})" for deviation in self.deviations},
        )
