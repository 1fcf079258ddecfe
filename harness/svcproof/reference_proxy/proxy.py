"""The proxy's loop: wait for a change, carry it through the stages, load the rules."""

import logging
import queue
import time

from svcproof.reference_proxy import conntrack, nft
from svcproof.reference_proxy.family import Family
from svcproof.reference_proxy.flows import unsettled
from svcproof.reference_proxy.frontends import Frontends
from svcproof.reference_proxy.health import proxy_answer
from svcproof.reference_proxy.listeners import Listeners
from svcproof.reference_proxy.ruleset import Ruleset
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.state import State
from svcproof.reference_proxy.store import Store
from svcproof.reference_proxy.watch import Report

log = logging.getLogger(__name__)
HEALTH_PORT = 10256
GATHER = 0.02
"""Seconds to wait for further reports of a change: a Service and its EndpointSlices come one by one."""
CHECK = 5.0
"""Seconds between looks whether somebody else has removed the rules: each starts a program."""
RETRY = 1.0
"""Seconds until a transaction that nft refused is tried again, from the start."""

Reports = queue.SimpleQueue[Report]


class FamilyProxy:
    """The rules of one family, and the copy of them that the kernel has."""

    def __init__(self, family: Family, stages: Stages) -> None:
        self._family = family
        self._stages = stages
        self._loaded: Ruleset | None = None
        self._served: Frontends | None = None

    def sync(self, state: State) -> None:
        """Load the rules for `state`, then forget the flows that the old rules left behind."""
        frontends = self._stages.frontends(state, self._family, self._stages.choose)
        target = self._stages.rules(frontends, state.node, self._family)
        doubtful = unsettled(self._served, frontends)
        if self._loaded is None:
            # Without rules, or by those of somebody else, flows have led to anywhere.
            doubtful |= unsettled(None, frontends)
        if steps := self._stages.change(self._loaded, target):
            self._loaded = None
            nft.load(steps)
            self._loaded = target
        if doubtful:
            before = self._served or ()
            conntrack.forget(self._family, doubtful, lambda flows: self._stages.stale(flows, before, frontends))
        self._served = frontends

    def is_intact(self) -> bool:
        """True if the kernel still has the rules; if not, they are to be loaded from the start."""
        if self._loaded is not None and not self._stages.intact(self._family):
            log.warning("the rules of %s are gone", self._family.nft)
            self._loaded = None
        return self._loaded is not None


class Proxy:
    """A proxy for one node."""

    def __init__(self, store: Store, families: tuple[Family, ...], stages: Stages) -> None:
        self._store = store
        self._stages = stages
        self._families = tuple(FamilyProxy(family, stages) for family in families)
        self._listeners = Listeners()
        self._synced: State | None = None

    def run(self, reports: Reports) -> None:
        """Serve the state that `reports` add up to, for ever."""
        self._listeners.show({HEALTH_PORT: proxy_answer(None)})
        wake = time.monotonic() + CHECK
        while True:
            self._gather(reports, wake)
            is_due = time.monotonic() >= wake
            if is_due:
                wake = time.monotonic() + CHECK
            state = self._store.state()
            if state is None or (state == self._synced and not (is_due and self._is_lost())):
                continue
            try:
                self._sync(state)
            except nft.NftError as trouble:
                log.error("%s; trying again", trouble)
                self._synced = None
                wake = time.monotonic() + RETRY

    def _is_lost(self) -> bool:
        """True if the kernel has the rules of some family no more."""
        return not all(family.is_intact() for family in self._families)

    def _gather(self, reports: Reports, wake: float) -> None:
        """Take a report, and what follows it closely; give up at `wake`, by the monotonic clock, without any."""
        try:
            self._store.take(self._stages.hear(reports.get(timeout=max(0.0, wake - time.monotonic()))))
            until = time.monotonic() + GATHER
            while (remaining := until - time.monotonic()) > 0:
                self._store.take(self._stages.hear(reports.get(timeout=remaining)))
        except queue.Empty:
            return

    def _sync(self, state: State) -> None:
        started = time.monotonic()
        selected = self._stages.select(state)
        for family in self._families:
            family.sync(selected)
        self._synced = state
        self._listeners.show({HEALTH_PORT: proxy_answer(state), **self._stages.health(selected)})
        log.info("serving %d Services, after %.0f ms", len(selected.services), 1000 * (time.monotonic() - started))
