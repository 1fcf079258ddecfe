"""The loop of a controller: changes become keys, whose objects are brought to their desired state one by one."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable, Iterable, Sequence
from typing import Generic, TypeVar

import aiohttp

from svcproof.lab.client.error import ApiError
from svcproof.lab.client.informer import Event, Informer, Key

K = TypeVar("K", bound=Hashable)
FIRST_RETRY, LONGEST_RETRY = 0.05, 5.0
log = logging.getLogger(__name__)


def itself(event: Event) -> Iterable[Key]:
    """Return the key of the object itself: an event about an object concerns that object."""
    return (event.key,)


class Controller(Generic[K]):
    """Calls `reconcile(key)` for each key that a change in `sources` concerns, again and again where it fails.

    Each source is an informer and a function from an event to the keys it concerns. Changes of a key that come while
    it waits its turn are one call. `reconcile` may call `after` to come back to a key later.
    """

    def __init__(
        self,
        name: str,
        sources: Sequence[tuple[Informer, Callable[[Event], Iterable[K]]]],
        reconcile: Callable[[K], Awaitable[None]],
    ) -> None:
        self._name = name
        self._sources = sources
        self._reconcile = reconcile
        self._waiting: dict[K, None] = {}
        self._filled = asyncio.Event()
        self._failures: dict[K, int] = {}

    async def run(self) -> None:
        """Work until cancelled; begins once every source is complete."""
        for informer, _ in self._sources:
            await informer.synced()
        async with asyncio.TaskGroup() as group:
            for informer, concerns in self._sources:
                group.create_task(self._follow(informer, concerns))
            while True:
                await self._filled.wait()
                while self._waiting:
                    key = next(iter(self._waiting))
                    del self._waiting[key]
                    await self._attempt(key)
                self._filled.clear()

    def after(self, seconds: float, key: K) -> None:
        """Come back to `key` in a while."""
        asyncio.get_running_loop().call_later(seconds, self._add, key)

    async def _follow(self, informer: Informer, concerns: Callable[[Event], Iterable[K]]) -> None:
        async for event in informer.events():
            for key in concerns(event):
                self._add(key)

    def _add(self, key: K) -> None:
        self._waiting[key] = None
        self._filled.set()

    async def _attempt(self, key: K) -> None:
        try:
            await self._reconcile(key)
        except (ApiError, aiohttp.ClientError, TimeoutError) as error:
            log.info("%s %s, to be tried again: %s", self._name, key, error)
            self._later(key)
        except Exception:
            # An object that makes no sense to a controller must not end its work on all the others.
            log.exception("%s %s cannot be handled", self._name, key)
            self._later(key)
        else:
            self._failures.pop(key, None)

    def _later(self, key: K) -> None:
        """Come back after a pause that doubles with each failure in a row."""
        failures = self._failures[key] = self._failures.get(key, 0) + 1
        self.after(min(FIRST_RETRY * 2.0**failures, LONGEST_RETRY), key)
