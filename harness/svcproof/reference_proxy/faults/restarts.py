"""Faults of a proxy that is started where one ran before: it finds rules and flows of that one in the kernel."""

import re
import subprocess
import time
from collections.abc import Callable, Iterable
from dataclasses import replace

from svcproof.fault import Fault
from svcproof.reference_proxy import nft
from svcproof.reference_proxy.endpoints import Choose
from svcproof.reference_proxy.family import IPV4, Family
from svcproof.reference_proxy.faults.mutation import Mutation, select_only
from svcproof.reference_proxy.flows import Flow, Flows
from svcproof.reference_proxy.frontends import Frontends
from svcproof.reference_proxy.health import HealthAnswers
from svcproof.reference_proxy.ruleset import TABLES, Ruleset
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.state import Slice, State

DESTINATION = re.compile(r"([0-9.]+ \. (?:tcp|udp|sctp) \. [0-9]+) :")
"""A key of the map of frontends, whose value may be another chain now."""
DOWNTIME = 3.0
"""Seconds without rules."""


def _after_another(mutation: Mutation) -> Mutation:
    """Be wrong only where a proxy ran before on this node: its rules are there."""
    return lambda stages: mutation(stages) if _listing() else stages


def _listing(tables: Iterable[str] = TABLES) -> str:
    """The rules that a proxy before has left in the kernel, in these tables; empty if there are none."""
    commands = (["nft", "list", "table", IPV4.nft, table] for table in tables)
    try:
        return "".join(subprocess.run(command, capture_output=True, text=True).stdout for command in commands)
    except OSError:
        return ""


def _adding(emptied: bool) -> Mutation:
    """Add to the rules that are there, instead of replacing them; the chains of what is still there are emptied."""

    def steps_to_add(steps: tuple[str, ...], table: str) -> Iterable[str]:
        yield steps[0].splitlines()[0] + "\n"  # only that which adds the table
        known = set(DESTINATION.findall(_listing([table])))
        for step in steps[1:]:
            if step.startswith("add element ") and (taken := known.intersection(DESTINATION.findall(step))):
                yield f"delete element {' '.join(step.split()[2:5])} {{ {', '.join(sorted(taken))} }}\n"
            yield step
            if emptied and step.startswith("add chain "):
                yield f"flush chain {' '.join(step.split()[2:5])}\n"

    def apply(stages: Stages) -> Stages:
        def change(loaded: Ruleset | None, target: Ruleset) -> tuple[str, ...]:
            steps = stages.change(loaded, target)
            return steps if loaded is not None else tuple(steps_to_add(steps, target.table))

        return replace(stages, change=change)

    return apply


def _first(prepare: Callable[[], object]) -> Mutation:
    """Do something before the first rules are loaded."""

    def apply(stages: Stages) -> Stages:
        begun = False

        def select(state: State) -> State:
            nonlocal begun
            if not begun:
                begun = True
                prepare()
            return stages.select(state)

        return replace(stages, select=select)

    return apply


def _tear_down() -> None:
    nft.load([f"add table {IPV4.nft} {table}\ndelete table {IPV4.nft} {table}\n" for table in TABLES])
    time.sleep(DOWNTIME)


def _cut_connections() -> None:
    subprocess.run(["conntrack", "-D", "-p", "tcp"], capture_output=True)


def _flush_everything() -> None:
    nft.load(["flush ruleset\n"])


def _leaving_other_tables(stages: Stages) -> Stages:
    """Replace the rules in its own table, and let those in the others be."""

    def change(loaded: Ruleset | None, target: Ruleset) -> tuple[str, ...]:
        steps = stages.change(loaded, target)
        if loaded is not None or not steps:
            return steps
        own = f" {target.table}\n"
        return ("".join(line for line in steps[0].splitlines(keepends=True) if line.endswith(own)), *steps[1:])

    return replace(stages, change=change)


def _mixing_up(stages: Stages) -> Stages:
    """Give each Service that is there at the start the endpoints of the next, as by numbers given out anew."""
    partners: dict[str, str] = {}

    def frontends(state: State, family: Family, choose: Choose) -> Frontends:
        now = stages.frontends(state, family, choose)
        keys = sorted({frontend.service for frontend in now})
        if not partners:
            partners.update(zip(keys, keys[1:] + keys[:1], strict=True))
        first = {frontend.service: frontend for frontend in reversed(now)}
        return tuple(
            replace(frontend, cluster=other.cluster, local=other.local)
            if (other := first.get(partners.get(frontend.service, "")))
            else frontend
            for frontend in now
        )

    return replace(stages, frontends=frontends)


def _hiding(chosen: Callable[[str], bool]) -> Mutation:
    """Serve none of the Services that are there at the start and whose keys are `chosen`."""

    def apply(stages: Stages) -> Stages:
        hidden: set[str] | None = None

        def select(state: State) -> State:
            nonlocal hidden
            if hidden is None:
                hidden = set(filter(chosen, (service.key for service in state.services)))
            left_out = hidden
            return select_only(stages, lambda service: service.key not in left_out, state)

        return replace(stages, select=select)

    return apply


def _only_the_known(stages: Stages) -> Stages:
    """Serve of what is there at the start only what the proxy before has served."""
    listing = _listing()
    return _hiding(lambda key: f"/{key}/" not in listing)(stages)


def _only_the_younger(stages: Stages) -> Stages:
    """Serve only what is made after the start."""
    return _hiding(lambda key: True)(stages)


def _all_ready(stages: Stages) -> Stages:
    """Take the endpoints that are there at the start for ready, until their slice changes."""
    first: dict[tuple[str, str], Slice] | None = None

    def select(state: State) -> State:
        nonlocal first
        if first is None:
            first = {(key, part.name): part for key, parts in state.slices.items() for part in parts}
        old = first
        slices = {
            key: tuple(as_ready(part) if old.get((key, part.name)) == part else part for part in parts)
            for key, parts in state.slices.items()
        }
        return stages.select(replace(state, slices=slices))

    def as_ready(part: Slice) -> Slice:
        entries = ((name, protocol, replace(end, ready=True)) for name, protocol, end in part.endpoints)
        return replace(part, endpoints=tuple(entries))

    return replace(stages, select=select)


def _closing_health_checks(stages: Stages) -> Stages:
    """Answer no health check of a Service that is there at the start."""
    there: set[int] | None = None

    def health(state: State) -> HealthAnswers:
        nonlocal there
        answers = stages.health(state)
        if there is None:
            there = set(answers)
        return {port: answer for port, answer in answers.items() if port not in there}

    return replace(stages, health=health)


def _at_first(stale: Callable[[Iterable[Flow]], Flows]) -> Mutation:
    """Choose in another way the flows to forget at the start."""

    def apply(stages: Stages) -> Stages:
        begun = False

        def flows_to_forget(flows: Iterable[Flow], before: Frontends, after: Frontends) -> Flows:
            nonlocal begun
            if begun:
                return stages.stale(flows, before, after)
            begun = True
            return stale(flows)

        return replace(stages, stale=flows_to_forget)

    return apply


FAULTS: tuple[Fault[Stages], ...] = (
    Fault(
        "restart-leaves-what-is-gone",
        "A proxy that starts adds its rules to those of the one before: a Service deleted meanwhile is served further.",
        _after_another(_adding(emptied=True)),
        "https://github.com/kubernetes/kubernetes/pull/136122",
    ),
    Fault(
        "restart-adopts-old-rules",
        "A proxy that starts keeps the rules of the one before for the Services that it finds there.",
        _after_another(_adding(emptied=False)),
    ),
    Fault(
        "restart-misses-what-is-new",
        "A proxy that starts serves only what the one before has served, and what is made later.",
        _after_another(_only_the_known),
    ),
    Fault(
        "services-older-than-the-proxy-not-served",
        "A proxy serves only Services that are made after it was started.",
        _only_the_younger,
    ),
    Fault(
        "wrong-service-backends-after-restart",
        "A proxy that starts where one ran before sends the traffic of a Service to the endpoints of another.",
        _after_another(_mixing_up),
        "https://github.com/projectcalico/calico/issues/5957",
    ),
    Fault(
        "restart-tears-down-rules",
        "A proxy that starts removes the rules of the one before and has its own only seconds later.",
        _after_another(_first(_tear_down)),
        "https://github.com/kubernetes/kubernetes/issues/76376",
    ),
    Fault(
        "rules-of-another-mode-left",
        "A proxy that starts leaves the rules of another mode, or of an earlier release, where they are.",
        _leaving_other_tables,
        "https://github.com/kubernetes/kubernetes/issues/12596",
    ),
    Fault(
        "start-flushes-rules-of-others",
        "A proxy that starts removes all rules of its node, also those that other programs have made.",
        _first(_flush_everything),
        "https://github.com/kubernetes/kubernetes/issues/55857",
    ),
    Fault(
        "restart-cuts-open-tcp",
        "A proxy that starts has the kernel forget all TCP connections.",
        _after_another(_first(_cut_connections)),
    ),
    Fault(
        "udp-proxy-restart-flushes-all",
        "A proxy that starts has the kernel forget all UDP flows to Services.",
        _after_another(_at_first(frozenset)),
        "https://github.com/kubernetes/kubernetes/issues/122740",
    ),
    Fault(
        "restart-takes-endpoints-for-ready",
        "A proxy that starts takes all endpoints that are there for ready, until their EndpointSlice changes.",
        _after_another(_all_ready),
    ),
    Fault(
        "restart-closes-health-checks",
        "A proxy that starts answers no healthCheckNodePort of Services that are there.",
        _after_another(_closing_health_checks),
        "https://github.com/projectcalico/calico/issues/8112",
    ),
    Fault(
        "restart-leaves-stale-udp-flows",
        "A proxy that starts lets UDP flows go on to endpoints that left while none ran.",
        _after_another(_at_first(lambda flows: frozenset())),
    ),
)
