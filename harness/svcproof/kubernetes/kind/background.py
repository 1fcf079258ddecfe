"""Steps beside one another: those that take long and do not wait for each other."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

from svcproof.limits import carried

Result = TypeVar("Result")


def begun(step: Callable[[], Result]) -> "Future[Result]":
    """Begin a step in a thread of its own, and return what will have its result or its error.

    The thread does not keep the process from ending: a step that hangs must not keep Ctrl-C from being heeded.
    """
    future: Future[Result] = Future()
    step = carried(step)

    def run() -> None:
        try:
            future.set_result(step())
        except BaseException as error:
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    return future
