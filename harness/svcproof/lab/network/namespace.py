"""Actions in another network namespace of this lab."""

import ctypes
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")

NAMESPACES = Path("/run/netns")
CLONE_NEWNET = 0x40000000
"""Of <linux/sched.h>; os.setns and its flags come with Python 3.12."""


def within(netns: str, action: Callable[[], Result]) -> Result:
    """Return what `action` returns in the network namespace `netns`.

    It runs in a thread that ends with it, so that no other code can find itself in the wrong namespace. A socket
    stays for good in the namespace it was made in. Raises OSError where there is no such namespace.
    """
    with ThreadPoolExecutor(1) as executor:
        return executor.submit(_enter_and_run, netns, action).result()


def _enter_and_run(netns: str, action: Callable[[], Result]) -> Result:
    path = NAMESPACES / netns
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if ctypes.CDLL(None, use_errno=True).setns(descriptor, CLONE_NEWNET):
            number = ctypes.get_errno()
            raise OSError(number, f"cannot enter: {os.strerror(number)}", str(path))
    finally:
        os.close(descriptor)
    return action()
