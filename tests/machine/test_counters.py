from pathlib import Path

import pytest

from svcproof.machine.counters import TICKS, CounterFiles, cpu_time, throttled, waited

PRESSURE = """\
some avg10=7.16 avg60=37.12 avg300=28.98 total=17992283479
full avg10=0.00 avg60=0.00 avg300=0.00 total=0
"""
STAT = """\
cpu  3145096 283191 1050448 1065097 14403 7 36937 2621 11 0
cpu0 1 1 1 1 1 1 1 1 1 1
"""
VERSION_1 = "nr_periods 629\nnr_throttled 405\nthrottled_time 39952521353\n"
VERSION_2 = "usage_usec 1\nuser_usec 1\nsystem_usec 0\nnr_periods 0\nnr_throttled 0\nthrottled_usec 2500000\n"


def files(root: Path, **texts: str) -> CounterFiles:
    """The counters of a machine with these files."""
    for place, text in texts.items():
        file = root / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return CounterFiles(root)


@pytest.mark.timeout(10)
def test_time_of_waiting_is_the_total_of_some() -> None:
    assert waited(PRESSURE) == 17992.283479
    assert waited("full avg10=0.00 avg60=0.00 avg300=0.00 total=5\n") == 0
    assert waited("") == 0


@pytest.mark.timeout(10)
def test_cpu_time_in_use_leaves_out_idle_and_guests_who_are_users_already() -> None:
    assert cpu_time(STAT) == (pytest.approx((3145096 + 283191 + 1050448 + 7 + 36937) / TICKS), 2621 / TICKS)
    assert cpu_time("cpu  100 0 0 0\n") == (100 / TICKS, 0)
    assert cpu_time("") == (0, 0)


@pytest.mark.timeout(10)
def test_throttled_time_of_either_version_of_cgroups() -> None:
    assert throttled(VERSION_1) == 39.952521353
    assert throttled(VERSION_2) == 2.5
    assert throttled("usage_usec 1\n") is None
    assert throttled("") is None


@pytest.mark.timeout(10)
def test_limits_of_the_cgroup_of_this_process_and_of_those_above(tmp_path: Path) -> None:
    own = files(
        tmp_path,
        **{
            "proc/self/cgroup": "0::/slice/scope\n",
            "proc/stat": STAT,
            "proc/pressure/cpu": PRESSURE,
            "sys/fs/cgroup/cpu.stat": "usage_usec 1\n",
            "sys/fs/cgroup/slice/cpu.stat": VERSION_2,
            "sys/fs/cgroup/slice/scope/cpu.stat": VERSION_2.replace("2500000", "0"),
            "sys/fs/cgroup/slice/scope/cpu.pressure": PRESSURE.replace("17992283479", "3000000"),
            "sys/fs/cgroup/another/cpu.stat": VERSION_2,
        },
    ).read()

    assert (own.waits, sorted(own.throttled)) == ((17992.283479, 3.0), [0.0, 2.5])


@pytest.mark.timeout(10)
def test_limits_of_a_container_that_sees_its_own_cgroup_as_the_root(tmp_path: Path) -> None:
    outside = {"proc/self/cgroup": "1:cpu,cpuacct:/docker/0f5e\n", "sys/fs/cgroup/cpu,cpuacct/cpu.stat": VERSION_1}

    assert files(tmp_path, **outside).read().throttled == (39.952521353,)


@pytest.mark.timeout(10)
def test_machine_without_any_counters(tmp_path: Path) -> None:
    none = CounterFiles(tmp_path).read()

    assert (none.waits, none.throttled, none.busy, none.stolen) == ((), (), 0, 0)


@pytest.mark.timeout(10)
def test_counters_of_this_machine_grow() -> None:
    before = CounterFiles().read()
    sum(range(3_000_000))
    after = CounterFiles().read()

    assert after.at > before.at
    assert after.busy >= before.busy > 0
