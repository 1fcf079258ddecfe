"""Known issues: links from cells of a comparison to the bugs behind them, kept outside of runs."""

from collections.abc import Collection
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field

from svcproof.model.version_range import VersionRange
from svcproof.model.words import Declared, Line, NotEmpty, url


class Target(StrEnum):
    """The part that is to be mended."""

    PROXY = "proxy"
    SUITE = "suite"
    """The check is wrong: until it is mended, its row counts for nobody."""
    KUBERNETES = "kubernetes"
    DOCUMENTATION = "documentation"


class State(StrEnum):
    """The state of an issue."""

    OPEN = "open"
    CLOSED = "closed"


def version_range(text: str) -> str:
    """The text of a range of versions, or nothing."""
    VersionRange.read(text)
    return text


class KnownIssue(Declared):
    """An issue that explains a cell, or all of a row."""

    behaviour: Annotated[str, Field(min_length=1, max_length=1000)]
    """The behaviour's id, as `svcproof list` prints it."""
    target: Target
    """The part that is to be mended: proxy, suite, kubernetes or documentation."""
    url: Annotated[NotEmpty, AfterValidator(url)]
    """The address of the issue."""
    state: State = State.OPEN
    """Open, or closed."""
    proxy: Line = ""
    """The name of the proxy's declaration; empty: it is about every proxy."""
    versions: Annotated[Line, AfterValidator(version_range)] = ""
    """The versions of the proxy that have it, such as `>=1.15 <1.18`; empty: all."""

    @property
    def withdraws(self) -> bool:
        """True if the row counts for nobody until it is mended."""
        return self.target is Target.SUITE and self.state is State.OPEN

    def is_about(self, proxy: str, versions: Collection[str]) -> bool:
        """True if it is about a proxy of this name, of one of these versions."""
        if self.proxy and self.proxy != proxy:
            return False
        within = VersionRange.read(self.versions)
        return not self.versions or any(version in within for version in versions)


class KnownIssues(Declared):
    """The file."""

    issues: Annotated[tuple[KnownIssue, ...], Field(max_length=10_000)]
    """The issues; there may be none."""
