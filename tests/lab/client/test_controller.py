import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any, cast

import pytest

from svcproof.lab.client import ApiError, ChangeType, Controller, Event, Informer, itself


class Events:
    """An informer as a controller sees it, that tells what it is told to."""

    def __init__(self, *names: str) -> None:
        self._names = names

    async def synced(self) -> None:
        await asyncio.sleep(0)

    async def events(self) -> AsyncIterator[Event]:
        for name in self._names:
            yield Event(ChangeType.MODIFIED, {"metadata": {"name": name, "namespace": "shop"}})
        await asyncio.Event().wait()


def work(names: Iterable[str], reconcile: Callable[[list[str], str], None], calls: int) -> list[str]:
    """Names in the order they were handled, until there were so many calls."""

    async def whole() -> list[str]:
        handled: list[str] = []
        enough = asyncio.Event()

        async def turn(key: tuple[str, str]) -> None:
            handled.append(key[1])
            if len(handled) >= calls:
                enough.set()
            reconcile(handled, key[1])

        source = cast(Informer, Events(*names))
        working = asyncio.create_task(Controller("test", [(source, itself)], turn).run())
        async with asyncio.timeout(10):
            await enough.wait()
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        return handled

    return asyncio.run(whole())


def nothing(handled: list[str], name: str) -> None:
    del handled, name


def test_changes_that_come_before_their_turn_are_one_call() -> None:
    assert work(["one", "two", "one", "one"], nothing, 2) == ["one", "two"]


@pytest.mark.parametrize("error", [ApiError(409, "Conflict", "changed meanwhile"), KeyError("spec")])
def test_what_fails_is_tried_again_and_holds_up_nothing_else(error: Exception) -> None:
    def fail_once(handled: list[str], name: str) -> None:
        if name == "one" and handled.count("one") == 1:
            raise error

    assert work(["one", "two"], fail_once, 3) == ["one", "two", "one"]


def test_a_failure_that_nobody_foresaw_is_told(caplog: pytest.LogCaptureFixture) -> None:
    def fail(handled: list[str], name: str) -> Any:
        if len(handled) == 1:
            raise KeyError(name)

    work(["one"], fail, 2)
    assert "test ('shop', 'one') cannot be handled" in caplog.text
