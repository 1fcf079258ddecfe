"""One epoll loop for everything an agent does: edge-triggered readiness, and timers.

A timer runs only after a look at the sockets that began when it was already due: an answer that is in the kernel
counts as arrived, however late a busy machine lets the loop read it.
"""

from __future__ import annotations

import heapq
import itertools
import select
import time
from collections.abc import Callable

EDGES = select.EPOLLIN | select.EPOLLOUT | select.EPOLLRDHUP | select.EPOLLET


class Timer:
    """Something to do later, unless cancelled before."""

    __slots__ = ("action",)

    def __init__(self, action: Callable[[], None]) -> None:
        self.action: Callable[[], None] | None = action

    def cancel(self) -> None:
        """Do nothing when the time comes."""
        self.action = None


class Loop:
    """Calls `ready()` of each watched socket on each edge, and timers when they are due."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._watched: dict[int, Callable[[], None]] = {}
        self._unfinished: set[int] = set()
        self._timers: list[tuple[float, int, Timer]] = []
        self._order = itertools.count()

    def watch(self, fd: int, ready: Callable[[], None]) -> None:
        """Call `ready` on each edge of `fd`; it must read and write until the kernel says EAGAIN, or call `again`."""
        self._watched[fd] = ready
        self._epoll.register(fd, EDGES)

    def again(self, fd: int) -> None:
        """Call `ready` of `fd` in the next round as well, which needs no edge for that."""
        self._unfinished.add(fd)

    def forget(self, fd: int) -> None:
        """Watch `fd` no more; to be called before it is closed."""
        self._unfinished.discard(fd)
        if self._watched.pop(fd, None):
            self._epoll.unregister(fd)

    def after(self, seconds: float, action: Callable[[], None]) -> Timer:
        """Call `action` in `seconds`."""
        timer = Timer(action)
        heapq.heappush(self._timers, (time.monotonic() + seconds, next(self._order), timer))
        return timer

    def run(self) -> None:
        """Serve for ever."""
        while True:
            pause = 0.0 if self._unfinished else self._pause()
            began = time.monotonic()
            unfinished, self._unfinished = self._unfinished, set()
            for fd in unfinished.union(fd for fd, _ in self._epoll.poll(pause, 4096)):
                ready = self._watched.get(fd)
                if ready is not None:
                    ready()
            self._expire(began)

    def _pause(self) -> float:
        while self._timers and self._timers[0][2].action is None:
            heapq.heappop(self._timers)
        return max(0.0, self._timers[0][0] - time.monotonic()) if self._timers else 1.0

    def _expire(self, until: float) -> None:
        while self._timers and self._timers[0][0] <= until:
            action = heapq.heappop(self._timers)[2].action
            if action is not None:
                action()
