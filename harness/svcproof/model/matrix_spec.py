"""A declared matrix: clusters, proxies, IP families and repeats, of which every combination is run."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from svcproof.model.options import MOST_REPEATS
from svcproof.model.words import Declared, Line, NotEmpty, Told

NAME = r"^([A-Za-z0-9][A-Za-z0-9._@+-]{0,99})?$"
"""A name that can be a part of a directory's, and of a pattern, anywhere."""
Family = Literal["ipv4", "ipv6"]


class ChosenCluster(Declared):
    """A cluster of the matrix: its name or file, or a mapping with a `name` for it."""

    cluster: NotEmpty
    """A name in fixtures/clusters, or a file, relative to the matrix file's folder."""
    name: Annotated[str, Field(pattern=NAME)] = ""
    """Its name in results and reports; empty: that of the declaration."""


class ChosenProxy(Declared):
    """A proxy of the matrix: its name or file, which may end with @version, or a mapping with a `name` for it."""

    proxy: NotEmpty
    """A name in fixtures/proxies, or a file, relative to the matrix file's folder; `@1.33.13` asks for a version."""
    name: Annotated[str, Field(pattern=NAME)] = ""
    """Its name in results and reports; empty: that of the declaration, with the version."""


def _numbers_as_text(value: object) -> object:
    """KEPs are numbers, which YAML reads as such."""
    if not isinstance(value, list):
        return value
    return tuple(str(item) if type(item) is int else item for item in value)


def _chosen(key: str) -> BeforeValidator:
    return BeforeValidator(lambda value: {key: value} if isinstance(value, str) else value)


def _or_text(schema: dict[str, Any]) -> None:
    """Add the way to name a cluster or a proxy by a text alone."""
    mapping = dict(schema["items"])
    schema["items"] = {"anyOf": [mapping, {"type": "string", "minLength": 1}]}


Values = Annotated[tuple[Told, ...], Field(max_length=1000)]


class Selected(Declared):
    """The behaviours of each run: they meet every criterion, by one of its values, as with `svcproof run`."""

    profile: Literal["core", "full"] = "full"
    """`core`: those that no proxy may leave out."""
    area: Values = ()
    """Areas, such as node_port."""
    level: Values = ()
    """Levels: MUST, SHOULD, MAY."""
    by: Values = ()
    """Parts that answer for them: proxy, control-plane, dns, load-balancer."""
    feature: Values = ()
    """Features of the proxy that they need."""
    kep: Annotated[Values, BeforeValidator(_numbers_as_text)] = ()
    """Numbers of Kubernetes enhancements."""
    expression: Line = ""
    """An expression over ids, as with -k: `a or b`, `not a`, a part of an id."""


class MatrixSpec(Declared):
    """A matrix as declared: every cluster with every proxy, each of the families, so many times."""

    title: Line = ""
    """Its name for people."""
    clusters: Annotated[
        tuple[Annotated[ChosenCluster, _chosen("cluster")], ...],
        Field(min_length=1, max_length=100, json_schema_extra=_or_text),
    ]
    proxies: Annotated[
        tuple[Annotated[ChosenProxy, _chosen("proxy")], ...],
        Field(min_length=1, max_length=100, json_schema_extra=_or_text),
    ]
    families: Annotated[tuple[Annotated[tuple[Family, ...], Field(min_length=1)], ...], Field(max_length=4)] = ()
    """IP families of clusters, the primary one first: [[ipv4], [ipv4, ipv6]]; empty: those of each declaration."""
    repeats: int = Field(default=1, ge=1, le=100)
    """The number of runs of each combination."""
    select: Selected = Selected()
    suites: Annotated[tuple[Told, ...], Field(max_length=100)] = ()
    """Files and folders of behaviours, relative to the matrix file's folder, or `builtin`; empty: the built-in ones."""
    workers: int = Field(default=1, ge=1, le=64)
    """Processes side by side in each run."""
    repeat: int = Field(default=1, ge=1, le=MOST_REPEATS)
    """The number of times that each check is made in a run."""
    patience: Annotated[tuple[Told, ...], Field(max_length=100)] = ()
    """Factors of limits, as with --patience."""
    ignore_release: bool = False
    """True if what is younger than a cluster's release is checked, too."""
