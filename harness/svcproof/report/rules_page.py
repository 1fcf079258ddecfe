"""The page of the rules of a Service proxy, docs/promise.md."""

from collections.abc import Iterator, Sequence

from svcproof.model.behaviour import Level
from svcproof.model.keps import KEPS
from svcproof.promise.expectation import Rule
from svcproof.promise.rules import Section
from svcproof.report.pages import inline, link

HEAD = """\
# The promise of a Service proxy

The specification of a Service proxy as svcproof reads it: {count} rules, each a function of this name in
`harness/svcproof/promise/` that decides by it, and whose docstring is the text here. From Services, EndpointSlices and
nodes, a client and a target it follows what that client may see over many tries: whether it is answered, by which
endpoints, by each of them or always by the same one, from which address those see it come, and whether it is refused
or dropped where nobody answers. Checks that ask everywhere, `svcproof explore` and `svcproof replay` hold a proxy
against that.

The level of a rule is that of a difference from it: a {must} fails a run, a {should} is a warning. A {may} says what
Kubernetes leaves open: a proxy may do either, and only what holds both ways is asked of it. "Claimed" names the feature
that a proxy has to claim for the rule to bind it; "since" the release from which on it is promised. [How it is
built](architecture.md) has the place of the rules, and [from a fact to an exit code](verdicts.md) what follows from a
level. `svcproof rules` prints them; this page is made by `svcproof rules --markdown`."""


def rules_page(sections: Sequence[Section]) -> str:
    """Return the page of the rules of these sections."""
    count = sum(len(section.rules) for section in sections)
    head = HEAD.format(count=count, must=Level.MUST, should=Level.SHOULD, may=Level.MAY)
    return "\n".join([head, *(line for section in sections for line in _section(section))])


def _section(section: Section) -> Iterator[str]:
    yield from ("", f"## {inline(section.title)}", "")
    for question in section.rules:
        yield f"* `{question.rule.name}`: {inline(question.rule.text)}"
        yield f"  ({basis(question.rule)})"


def basis(rule: Rule) -> str:
    """The level of a rule, which leads to its clause, and the enhancement, release and feature that it needs."""
    kep = KEPS.get(rule.kep or 0)
    parts = (
        link(rule.level, rule.clause),
        link(f"KEP-{kep.number}", kep.url) if kep else "",
        rule.since and f"since {rule.since}",
        rule.feature and f"claimed: {rule.feature}",
    )
    return ", ".join(filter(None, parts))
