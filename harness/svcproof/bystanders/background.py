"""The background: a thread that has all posts look, again and again, for as long as bystanders stand."""

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from svcproof.agent.vantage import Vantage
from svcproof.bystanders.looking import Posts, Within, look, round_of_looks
from svcproof.bystanders.post import Post
from svcproof.bystanders.spell import Spell
from svcproof.bystanders.watch import Watch
from svcproof.errors import SvcproofError
from svcproof.limits import carried

WORKERS = 16
"""Vantages that are asked at once."""


@dataclass(slots=True)
class Background:
    """Looks at bystanders until it is closed.

    `posts` reads what must be seen, by the state of the cluster now. `disturbed` says, in each round, why bystanders
    may be disturbed rightly, and `doubtful` why nothing follows from one that seems broken; empty if it is not so.
    """

    watch: Watch
    vantages: Mapping[str, Vantage]
    posts: Callable[[], Posts]
    disturbed: Callable[[], str]
    doubtful: Callable[[], str]
    within: Within
    _known: Posts = field(default_factory=dict)
    _broken: dict[Post, Spell] = field(default_factory=dict)
    _over: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(WORKERS))
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to look; the first round has ended when this returns. Raises SvcproofError."""
        self._known = self.posts()
        self.round()
        self._thread = threading.Thread(target=carried(self._run), name="svcproof-bystanders", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._over.set()
        if self._thread:
            self._thread.join()
        self._pool.shutdown(cancel_futures=True)

    def round(self) -> None:
        """Have each post look once; what is not as it must be is compared once more with what must be seen by then."""
        with self._lock:
            seen = round_of_looks(self._known, self.vantages, self.within, self._pool)
            if any(not self._known[post].fits(what) for post, what, _ in seen):
                self._known = self._posts_now()
            self.watch.take(look(each, self._known[each[0]]) for each in seen if each[0] in self._known)
            self._conclude()

    def broken(self) -> dict[Post, Spell]:
        """The posts of bystanders that broke since this was asked last."""
        with self._lock:
            broken, self._broken = self._broken, {}
            return broken

    def settle(self) -> None:
        """Look until no bystander is wrong any more, or those that are have been wrong for long enough to be broken."""
        end = time.monotonic() + 2 * self.watch.allowed
        self.round()
        while self.watch.undecided() and time.monotonic() < end and not self._over.wait(self.watch.every):
            self.round()

    def _conclude(self) -> None:
        disturbed = self.disturbed()
        now = time.monotonic()
        if disturbed or (self.watch.broken(now) and self.doubtful()):
            self.watch.quiet_since = now
            return
        self._broken |= self.watch.tell(now)

    def _posts_now(self) -> Posts:
        try:
            return self.posts()
        except SvcproofError:
            return self._known

    def _run(self) -> None:
        while not self._over.wait(self.watch.every):
            self.round()
