"""The stages of the proxy, as values that can be exchanged one by one."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from svcproof.json_objects import Object
from svcproof.reference_proxy import parse
from svcproof.reference_proxy.change import change
from svcproof.reference_proxy.endpoints import Choose, usable
from svcproof.reference_proxy.family import Family
from svcproof.reference_proxy.flows import Stale, stale
from svcproof.reference_proxy.frontends import Frontends, frontends
from svcproof.reference_proxy.health import Check, service_answers
from svcproof.reference_proxy.nft import has_table
from svcproof.reference_proxy.rules import rules
from svcproof.reference_proxy.ruleset import TABLE, Ruleset
from svcproof.reference_proxy.selection import select
from svcproof.reference_proxy.state import Node, Service, Slice, State
from svcproof.reference_proxy.watch import Report


def intact(family: Family, table: str = TABLE) -> bool:
    """True if the kernel still has the proxy's rules of a family."""
    return has_table(family.nft, table)


def heard(report: Report) -> Report:
    """A report as it came."""
    return report


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """The functions from the API's reports and objects to a State, and on to answers; the defaults are sound.

    All are pure but `intact`, which looks whether the kernel still has the rules.
    """

    hear: Callable[[Report], Report] = heard
    service: Callable[[Object], Service] = parse.service
    endpoint_slice: Callable[[Object], Slice] = parse.endpoint_slice
    select: Callable[[State], State] = select
    choose: Choose = usable
    frontends: Callable[[State, Family, Choose], Frontends] = frontends
    rules: Callable[[Frontends, Node, Family], Ruleset] = rules
    change: Callable[[Ruleset | None, Ruleset], tuple[str, ...]] = change
    stale: Stale = stale
    health: Check = service_answers
    intact: Callable[[Family], bool] = intact


def in_table(table: str) -> Stages:
    """The stages of a proxy whose rules are in this table."""

    def rules_there(frontends: Frontends, node: Node, family: Family) -> Ruleset:
        return replace(rules(frontends, node, family), table=table)

    return Stages(rules=rules_there, intact=partial(intact, table=table))
