"""The CPUs of this machine during one check: was the machine starved, and by whom?

The bounds are from experiments, which docs/decisions/a-starved-machine.md has.
"""

from dataclasses import dataclass

LATE = 0.25
"""Seconds by which a thread that only sleeps wakes late on a starved machine: who waits four times misses a second."""
OWN_DOING = 0.5
"""Share of the CPU time in use from which on it is the proxy under test that starves the machine."""
WORTH_TELLING = 0.1
"""Share from which on throttling, or CPUs given to other machines, is told of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """The CPUs over the `seconds` of one check; a figure that this machine does not have is 0.

    `late` is the longest time, in seconds, by which a thread that only sleeps woke late. `pressure`, `throttled` and
    `steal` are shares: of the time for which something waited for a CPU, or was not allowed to run by a limit of its
    container, and of the CPUs for which the hypervisor ran other machines. `used` is the number of CPUs in use on
    average, of `cpus`, and `proxy` the number that the proxy under test used itself; None where that is not known.
    """

    cpus: int
    seconds: float = 0.0
    late: float = 0.0
    pressure: float = 0.0
    throttled: float = 0.0
    steal: float = 0.0
    used: float = 0.0
    proxy: float | None = None

    @property
    def starved(self) -> bool:
        """True if what was to run waited for so long that a working proxy can look broken.

        Lateness alone decides: a machine that is merely busy has a pressure of 100 %, and all checks hold on it.
        """
        return self.late >= LATE

    @property
    def starved_by_proxy(self) -> bool:
        """True if it was starved by the proxy under test itself, which is no excuse.

        It then used most of the CPU time in use, and enough of it to keep somebody waiting for so long: where the whole
        machine stood still for a second, a proxy that is hardly busy may have used the most too.
        """
        if not self.starved or self.proxy is None:
            return False
        return self.proxy >= OWN_DOING * self.used and self.proxy * self.seconds >= self.late

    def __str__(self) -> str:
        """The figures, as in a sentence."""
        parts = [f"CPU pressure {self.pressure:.0%}", f"woke up to {self.late:.2f} s late"]
        if self.throttled >= WORTH_TELLING:
            parts.append(f"throttled for {self.throttled:.0%} of the time")
        if self.steal >= WORTH_TELLING:
            parts.append(f"{self.steal:.0%} of the CPUs given to other machines")
        used = f"{self.used:.1f} of {self.cpus} CPUs in use"
        own = "unknown how many by the proxy" if self.proxy is None else f"{self.proxy:.1f} by the proxy"
        return ", ".join([*parts, f"{used}, {own}"])
