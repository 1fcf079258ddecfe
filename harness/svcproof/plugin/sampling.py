"""The machine over the time of each check, sampled in the process that makes it."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager

import pytest

from svcproof.errors import SvcproofError
from svcproof.machine import Sampler
from svcproof.model.machine import Machine
from svcproof.plugin.cluster import CLUSTER
from svcproof.plugin.collection import BEHAVIOUR

SAMPLER = pytest.StashKey[Sampler]()
MACHINE = pytest.StashKey[Machine]()
"""The machine during the phase that a check was in last: its setting up, or its call."""


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    """Sample the setting up: what is awaited there may expire."""
    __tracebackhide__ = True  # A traceback of others' tests is not ours to be in.
    with sampled(item):
        yield


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Sample the check itself."""
    __tracebackhide__ = True  # A traceback of others' tests is not ours to be in.
    with sampled(item):
        yield


@contextmanager
def sampled(item: pytest.Item) -> Iterator[None]:
    """Keep the machine over the time inside, for a check."""
    if BEHAVIOUR not in item.stash:
        yield
        return
    cpus = sampler(item.config)
    before, proxy_before = cpus.read(), _proxy_cpu_time(item.config)
    try:
        yield
    finally:
        proxy_after = _proxy_cpu_time(item.config)
        is_known = proxy_before is not None and proxy_after is not None and proxy_after >= proxy_before
        proxy = (proxy_after or 0.0) - (proxy_before or 0.0) if is_known else None
        item.stash[MACHINE] = cpus.since(before, proxy)


def sampler(config: pytest.Config) -> Sampler:
    """The sampler of this process, which begins with the first call."""
    if SAMPLER not in config.stash:
        config.stash[SAMPLER] = Sampler()
        config.add_cleanup(config.stash[SAMPLER].close)
    return config.stash[SAMPLER]


def _proxy_cpu_time(config: pytest.Config) -> float | None:
    cluster = config.stash.get(CLUSTER, None)
    try:
        return cluster.proxy_cpu_time() if cluster is not None else None
    except SvcproofError:
        return None  # The proxy or the cluster is gone, of which its own trouble tells.
