"""The stages of the proxy, as values that can be exchanged one by one."""

from collections.abc import Callable
from dataclasses import dataclass

from harness.lab.proxy.change import change
from harness.lab.proxy.endpoints import Choose, usable
from harness.lab.proxy.family import Family
from harness.lab.proxy.flows import Stale, stale
from harness.lab.proxy.frontends import Frontends, frontends
from harness.lab.proxy.health import Check, service_answers
from harness.lab.proxy.rules import rules
from harness.lab.proxy.ruleset import Ruleset
from harness.lab.proxy.selection import select
from harness.lab.proxy.state import Node, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """Pure functions, from what is known to what is done; the defaults are the sound ones."""

    select: Callable[[State], State] = select
    choose: Choose = usable
    frontends: Callable[[State, Family, Choose], Frontends] = frontends
    rules: Callable[[Frontends, Node, Family], Ruleset] = rules
    change: Callable[[Ruleset | None, Ruleset], tuple[str, ...]] = change
    stale: Stale = stale
    health: Check = service_answers
