import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from svcproof.machine.counters import Counters
from svcproof.machine.sampler import Lateness, Sampler, between
from svcproof.model.machine import Machine


@pytest.fixture
def sampler() -> Iterator[Sampler]:
    with closing(Sampler()) as sampler:
        yield sampler


@pytest.mark.timeout(10)
def test_shares_of_the_time_between_two_readings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    before = Counters(at=10, waits=(100, 7), throttled=(1, 2), busy=50, stolen=3)
    after = Counters(at=12, waits=(101, 7.5), throttled=(1, 3.5), busy=53.8, stolen=3.4)

    machine = between(before, after, late=0.9, proxy=0.5)

    assert machine == Machine(
        cpus=2, seconds=2, late=0.9, pressure=0.5, throttled=0.75, steal=0.1, used=1.9, proxy=0.25
    )


@pytest.mark.timeout(10)
def test_machine_without_counters_has_its_lateness(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: None)

    assert between(Counters(at=1), Counters(at=2), late=0.3) == Machine(cpus=1, seconds=1, late=0.3)


@pytest.mark.timeout(10)
def test_counter_that_goes_back_is_no_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    before = Counters(at=1, waits=(9,), stolen=5)

    assert between(before, Counters(at=2, waits=(8,), stolen=4)) == Machine(cpus=2, seconds=1)


@pytest.mark.timeout(10)
def test_lateness_is_that_of_the_time_asked_about(sampler: Sampler) -> None:
    before = sampler.read()
    sampler._kept.append(Lateness(before.at - 1, 40.0))
    earlier = sampler.since(before)
    sampler._kept.append(Lateness(before.at + 30, 20.0))
    sampler._kept.append(Lateness(before.at + 5, 8.0))

    assert earlier.late < 20
    assert sampler.since(before).late == 20.0


@pytest.mark.timeout(10)
def test_wait_that_began_before_counts_from_then_on(sampler: Sampler) -> None:
    before = sampler.read()
    sampler._kept.append(Lateness(before.at + 3, 30.0))

    assert sampler.since(before).late == pytest.approx(3.0)


@pytest.mark.timeout(10)
def test_thread_that_has_not_woken_yet_is_late(sampler: Sampler) -> None:
    sampler.close()
    before = sampler.read()
    time.sleep(0.3)

    assert sampler.since(before).late > 0.2


@pytest.mark.timeout(10)
def test_thread_ends(sampler: Sampler) -> None:
    sampler.close()

    assert not sampler._thread.is_alive()
