import pytest

from svcproof.model.machine import Machine

BUSY = Machine(cpus=2, late=0.088, pressure=1.0, used=2.0, proxy=0.05)
STARVED = Machine(cpus=2, seconds=3, late=0.9, pressure=0.87, used=1.9, proxy=0.05)


@pytest.mark.parametrize(
    ("machine", "starved", "by_proxy"),
    [
        (Machine(cpus=2), False, False),
        (BUSY, False, False),
        (STARVED, True, False),
        (Machine(cpus=2, seconds=1, late=0.25), True, False),
        (Machine(cpus=2, seconds=3, late=0.9, used=1.9, proxy=None), True, False),
        (Machine(cpus=2, seconds=3, late=0.9, used=0.0, proxy=0.0), True, False),
        (Machine(cpus=2, seconds=3, late=0.9, used=1.9, proxy=1.6), True, True),
        (Machine(cpus=2, seconds=3, late=0.9, used=2.0, proxy=1.0), True, True),
        (Machine(cpus=2, seconds=3, late=0.9, used=2.0, proxy=0.9), True, False),
        (Machine(cpus=2, seconds=3, late=0.1, used=2.0, proxy=1.9), False, False),
        (Machine(cpus=2, seconds=20, late=0.9, used=0.2, proxy=0.15), True, True),
        (Machine(cpus=2, seconds=2, late=0.9, used=0.2, proxy=0.15), True, False),
        (Machine(cpus=2, seconds=9, late=0.9, throttled=0.75, used=0.25, proxy=0.2), True, True),
    ],
    ids=[
        "idle",
        "busy",
        "starved by others",
        "just starved",
        "proxy unknown",
        "nobody runs",
        "proxy spins",
        "proxy uses half",
        "others use more",
        "proxy spins and nobody waits",
        "proxy spins for a while",
        "machine stood still",
        "proxy spins in a small container",
    ],
)
@pytest.mark.timeout(10)
def test_starvation_and_who_causes_it(machine: Machine, starved: bool, by_proxy: bool) -> None:
    assert (machine.starved, machine.starved_by_proxy) == (starved, by_proxy)


@pytest.mark.timeout(10)
def test_figures_can_be_read_in_a_sentence() -> None:
    assert str(STARVED) == "CPU pressure 87%, woke up to 0.90 s late, 1.9 of 2 CPUs in use, 0.1 by the proxy"
    full = Machine(cpus=4, late=0.3, pressure=0.5, throttled=0.75, steal=0.3, used=1.0)
    assert str(full) == (
        "CPU pressure 50%, woke up to 0.30 s late, throttled for 75% of the time, "
        "30% of the CPUs given to other machines, 1.0 of 4 CPUs in use, unknown how many by the proxy"
    )
