"""A declared scenario: objects, and steps that change them, after each of which Services must be served as promised."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from svcproof.model.behaviour import Level
from svcproof.model.words import LABEL, BehaviourId, Declared, Line, Told, Url

Manifest = dict[str, Any]
Kind = Literal["Service", "EndpointSlice"]
API_VERSIONS: Mapping[str, str] = {"Service": "v1", "EndpointSlice": "discovery.k8s.io/v1"}
"""The kinds that scenarios may make, with the versions in which they are written."""
SAMPLE_PODS = ("echo-0", "echo-1", "echo-2", "db-0")
"""The backends that every run has: two of echo on the first node, one on the second, db on the first."""


def checked_name(text: str) -> str:
    """The name of an object of a scenario; raises ValueError for any other text."""
    if len(text) > 50 or not LABEL.fullmatch(text):
        raise ValueError("is no name of an object: a-z, 0-9 and - are in one, of no more than 50 characters")
    return text


Name = Annotated[str, AfterValidator(checked_name)]
Labels = dict[str, str | None]


class Pod(Declared):
    """A backend of the scenario's own. It serves the ports that sample pods serve."""

    name: Name
    node: Told = "${node-1}"
    """The node that runs it, as a placeholder."""
    labels: dict[str, str] = Field(default_factory=dict)
    ready: bool = True
    """False for a pod whose readiness probe fails from the start."""


class Patched(Declared):
    """An edit of an object: a merge patch, in which null removes a key."""

    kind: Kind
    name: Name
    patch: Manifest
    status: bool = False
    """True to edit the object's status, and nothing else."""


class Named(Declared):
    """An object of the scenario."""

    kind: Kind
    name: Name


class Readiness(Declared):
    """The readiness of a pod that the scenario declares."""

    pod: Name
    ready: bool


class Relabelled(Declared):
    """New labels of a pod that the scenario declares; null removes one."""

    pod: Name
    labels: Labels


class Edit(Declared):
    """One change of one object: exactly one of its keys is there."""

    apply: Manifest | None = None
    """The manifest of a Service or an EndpointSlice, to be made, or brought to what it says."""
    patch: Patched | None = None
    delete: Named | None = None

    @model_validator(mode="after")
    def _has_one_key(self) -> Self:
        if len(self.model_fields_set) != 1:
            names = ", ".join(sorted(self.model_fields_set)) or "none"
            raise ValueError(f"a step has exactly one key of {', '.join(type(self).model_fields)}; it has {names}")
        return self

    @property
    def verb(self) -> str:
        """The key that it has."""
        return next(iter(self.model_fields_set))

    @property
    def edits(self) -> "tuple[Edit, ...]":
        """The changes of objects that it makes, in their order."""
        return (self,)


Edits = Annotated[tuple[Edit, ...], Field(max_length=50)]


class Restarted(Declared):
    """An interruption of the proxy under test, which only a cluster of one's own allows."""

    proxy: Literal["restart", "kill"] = "restart"
    """`restart` ends it by SIGTERM, and `kill` by SIGKILL, before it is started again."""
    node: Line = ""
    """The node where it is, as a placeholder; empty: every node."""
    meanwhile: Edits = ()
    """Changes that are made while it is away."""


class ScenarioStep(Edit):
    """One change, after which all is held against the rules: exactly one of its keys is there."""

    together: Edits | None = None
    """Changes that are made right after one another, before anything is looked at."""
    ready: Readiness | None = None
    relabel: Relabelled | None = None
    interrupt: Restarted | None = None
    wait: Annotated[float, Field(gt=0, le=600)] | None = None
    """Seconds in which nothing is changed."""

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The changes of objects that it makes, in their order."""
        if self.apply is not None or self.patch or self.delete:
            return (self,)
        return self.interrupt.meanwhile if self.interrupt else self.together or ()


class FoundBehaviour(Declared):
    """The behaviour that a scenario of `suites/found` checks."""

    id: BehaviourId
    requirement: Told
    """One sentence: the docstring of the behaviour."""
    level: Level
    clause: Url
    """The clause it follows from."""
    because: Told | None = None
    """The words of the clause; a MUST needs them."""
    area: Line = "found"
    kep: Annotated[int, Field(ge=1)] | None = None
    since: Line = ""
    """The release in which the promise became stable, such as 1.26; empty: as old as the base API."""
    fails_under: tuple[Told, ...] = ()
    """Faults under which it does not hold, as part/name."""
    requires: tuple[Told, ...] = ()
    """Capabilities and features that it needs."""


class Expected(Declared):
    """An expectation beside that of the model: at one door of a Service, from one vantage or from all."""

    after: Annotated[int, Field(ge=0)] | None = None
    """The number of the step after which it holds, 0 for the objects; left out: the last."""
    service: Name
    door: Literal["clusterIP", "nodePort", "externalIP", "loadBalancer"] = "clusterIP"
    vantage: Line = ""
    """The name of a vantage, as the table has it; empty: each of them."""
    answered: bool
    """False if none of our own may answer."""
    backends: tuple[Told, ...] = ()
    """The names of the pods that may answer, where one must; empty: any."""


class Scenario(Declared):
    """Objects, and steps that change them. After each, all Services must be served as the model says."""

    title: Told
    """One line for people."""
    why: str = ""
    """The reason for it: what it shows, and where it was found."""
    pods: Annotated[tuple[Pod, ...], Field(max_length=20)] = ()
    """Backends of its own, beside the sample pods echo-0, echo-1, echo-2 and db-0."""
    objects: Annotated[tuple[Manifest, ...], Field(min_length=1, max_length=100)]
    """Manifests of Services and EndpointSlices. A status in one is written, too."""
    steps: Annotated[tuple[ScenarioStep, ...], Field(max_length=200)] = ()
    expect: Annotated[tuple[Expected, ...], Field(max_length=200)] = ()
    """Expectations beside those of the model."""
    behaviour: FoundBehaviour | None = None
    """The behaviour it is; only files in `suites/found` need one."""
