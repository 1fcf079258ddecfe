"""Known issues read from their file, with every mistake in it told at once."""

from collections.abc import Collection, Iterator
from pathlib import Path

from svcproof.declare.document import Document, Loc, Mistake, read
from svcproof.declare.validate import validate
from svcproof.errors import near
from svcproof.model.known_issue import KnownIssue, KnownIssues, Target
from svcproof.printable import quoted


def known_issues(path: Path, behaviours: Collection[str], proxies: Collection[str]) -> tuple[KnownIssue, ...]:
    """Return the issues in a file; raises UsageError with every mistake in it.

    Among these are names that are none of the `behaviours` and `proxies`, and an issue of a proxy that names none.
    """
    document = read(path)
    return validate(document.noting(_mistakes(document, behaviours, proxies)), KnownIssues).issues


def _mistakes(document: Document, behaviours: Collection[str], proxies: Collection[str]) -> Iterator[Mistake]:
    issues = document.value.get("issues")
    for index, issue in enumerate(issues if isinstance(issues, list) else ()):
        loc: Loc = ("issues", index)
        fields = issue if isinstance(issue, dict) else {}
        name, proxy = fields.get("behaviour"), fields.get("proxy", "")
        if isinstance(name, str) and name and name not in behaviours:
            what = f"{quoted(name)} is no behaviour{near(name, behaviours)}; see svcproof list"
            yield Mistake((*loc, "behaviour"), what)
        if isinstance(proxy, str) and proxy and proxy not in proxies:
            yield Mistake((*loc, "proxy"), f"{quoted(proxy)} is no proxy of these runs{near(proxy, proxies)}")
        if fields.get("target") == Target.PROXY and not proxy:
            yield Mistake((*loc, "target"), "is the proxy, and no proxy is named: say whose issue it is")
        if fields.get("versions") and not proxy:
            yield Mistake((*loc, "versions"), "are of a proxy, and no proxy is named: say whose versions they are")
