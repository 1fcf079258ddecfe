"""A claim: the summary of a run that a project publishes about itself, every number of which its run file shows.

Numbers are of the whole suite, never of what was selected: a run of a part of it has none.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from svcproof.model.proxy_spec import Deviation
from svcproof.model.vocabulary import Feature
from svcproof.model.words import Declared, Line, NotEmpty, Told, Url, snapshot, url

Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Names = Annotated[tuple[str, ...], Field(max_length=10_000)]
Amount = Annotated[int, Field(ge=0)]


class Project(Declared):
    """The project that claims, in its own words: nothing of it is in the run file."""

    organisation: Told
    """The company, foundation or person behind it."""
    name: Told
    """The name of the project."""
    version: Annotated[str, AfterValidator(snapshot)]
    """The version that was run: one that stays what it is, not a branch."""
    url: Annotated[NotEmpty, AfterValidator(url)]
    """The address of the project."""
    contact: Told
    """The way to reach whoever answers for the claim, such as a mail address or the URL of a tracker."""


class SaidOfProject(Declared):
    """A project in its own words, as far as they are said here: options and the run tell the rest."""

    organisation: Line = ""
    name: Line = ""
    version: Line = ""
    url: Line = ""
    contact: Line = ""


class About(Declared):
    """The small file from which `svcproof claim --about` takes what is not in a run file."""

    project: SaidOfProject = SaidOfProject()
    """The project, with the keys that a claim has."""
    run_url: Url = ""
    """The address at which the run file is published."""


class Extent(StrEnum):
    """The part of the suite that a run selected."""

    WHOLE = "whole"
    """All that is promised by a proxy of these features."""
    CORE = "core"
    """All of the core, and not all of the rest: there are numbers of the core alone."""
    PARTIAL = "partial"
    """Less: there are no numbers."""


class ClaimedRun(Declared):
    """The run."""

    digest: Digest
    """The digest of its run file, which no other run has."""
    url: Url = ""
    """The address at which the run file is published."""
    started: date
    """The day on which it began, in UTC."""
    extent: Extent
    """The part of the suite that it selected."""
    command: str
    """The command that reproduces it."""


class ClaimedSuite(Declared):
    """The suite."""

    version: str
    """The version of svcproof that ran."""
    digest: str
    """The digest of the selected behaviours and of their code, as the run file has it."""
    behaviours: Amount
    """The number of all behaviours of this version."""
    core: Amount
    """The number of those that no proxy can opt out of."""


class ClaimedProxy(Declared):
    """The proxy under test."""

    name: str
    """The name of its declaration."""
    declared: str = ""
    """The version that its declaration, or the command line, asked for; empty: none."""
    found: Mapping[str, str] = {}
    """The versions of its components that the run found in the cluster."""


class ClaimedCluster(Declared):
    """The cluster."""

    name: str
    """The name of its declaration."""
    provider: str
    """The kind of cluster."""
    kubernetes: str
    """Its version, empty where the run could not tell."""
    kernel: str
    """The kernel of its nodes, empty where the run could not tell."""
    families: Names
    """The IP families of its Services."""


class Numbers(Declared):
    """The behaviours of one group, by what was observed: all but `of` add up to `of`."""

    of: Amount
    """All that the suite has in the group, for a proxy of these features."""
    shown: Amount
    """They hold."""
    failed: Amount
    """A MUST that does not."""
    flaky: Amount = 0
    """They hold now and then."""
    weak: Amount = 0
    """A SHOULD that does not hold."""
    deviates: Amount = 0
    """They do not hold, which the proxy documents."""
    declined: Amount = 0
    """They do not hold, and need a feature that the proxy does not claim."""
    recorded: Amount = 0
    """Kubernetes leaves it open."""
    unknown: Amount = 0
    """The run could not tell."""
    untestable: Amount = 0
    """The cluster lacks what they need, or is older than the promise."""
    not_run: Amount = 0
    """The run did not come to them."""


class AllNumbers(Declared):
    """The numbers of a run of the whole suite; of a run of the core, those of the core alone."""

    core: Numbers
    """The behaviours that no proxy can opt out of."""
    levels: Mapping[str, Numbers] = {}
    """By level."""
    promises: Mapping[str, Numbers] = {}
    """By the enhancement that promises them."""


class Failure(Declared):
    """A behaviour that does not hold."""

    behaviour: str
    """Its id."""
    observed: str
    """The word of the run on it."""


class Claim(Declared):
    """A claim."""

    claim: Literal[1]
    """The format of the file."""
    project: Project
    run: ClaimedRun
    suite: ClaimedSuite
    proxy: ClaimedProxy
    cluster: ClaimedCluster
    features: tuple[Feature, ...]
    """The features that the proxy claims, by name."""
    deviations: Annotated[tuple[Deviation, ...], Field(max_length=1000)] = ()
    """Its documented deviations, each with its link."""
    failures: Annotated[tuple[Failure, ...], Field(max_length=10_000)] = ()
    """All that does not hold, or not always, and is no documented deviation."""
    numbers: AllNumbers | None = None
    """None where the run is of a part of the suite."""
    signed: Literal["", "ssh", "minisign", "cosign"] = ""
    """The way in which the claim is signed, in a file beside it; empty: it is not."""


def agrees(version: str, found: Iterable[str]) -> bool:
    """True if a version is one of those that were found, with or without a v, or what a vendor adds to one."""
    plain = version.removeprefix("v")
    others = [each.removeprefix("v") for each in found]
    return any(plain == each or plain.startswith((f"{each}-", f"{each}+")) for each in others)
