"""Capabilities by name, and the sets that containers and programs of a lab have.

https://man7.org/linux/man-pages/man7/capabilities.7.html
"""

from collections.abc import Iterable

NAMES = (
    *("CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL"),
    *("SETGID", "SETUID", "SETPCAP", "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST"),
    *("NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO"),
    *("SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE"),
    *("SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE"),
    *("AUDIT_CONTROL", "SETFCAP", "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM"),
    *("BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF", "CHECKPOINT_RESTORE"),
)
"""Each at the place that is its number in <linux/capability.h>."""

CONTAINER = frozenset(
    {
        *("AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD"),
        *("NET_BIND_SERVICE", "NET_RAW", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"),
    }
)
"""The default of containerd and Docker: https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities."""

ALL = "ALL"
MACHINE = CONTAINER - {"AUDIT_WRITE", "MKNOD"} | frozenset(
    ["BPF", "IPC_LOCK", "IPC_OWNER", "NET_ADMIN", "NET_BROADCAST", "PERFMON", "SYS_ADMIN", "SYS_NICE", "SYS_RESOURCE"]
)
"""The capabilities that a Service proxy may need on a node, without those that reach past the lab's namespaces.

Without MKNOD there are no block devices; without MKNOD and SYS_PTRACE the kernel keeps it from the files, memory and
namespaces of the lab's own process, of agents and of pods, all of which have a capability that it lacks.
"""


def of_container(add: Iterable[str], drop: Iterable[str], *, privileged: bool) -> frozenset[str]:
    """Return the capabilities of a container whose securityContext adds and drops these; none reaches past the lab."""
    added, dropped = {_plain(name) for name in add}, {_plain(name) for name in drop}
    reachable = CONTAINER | MACHINE
    base = reachable if privileged or ALL in added else CONTAINER
    if ALL in dropped and not privileged:
        base = frozenset()
    kept = base if privileged else (base | reachable & added) - dropped
    # Who may mount as well as make nodes gets at every disk: there is no device cgroup here, as real nodes have.
    return kept - {"MKNOD"} if "SYS_ADMIN" in kept else kept


def numbers(names: Iterable[str]) -> frozenset[int]:
    """Return the numbers of capabilities."""
    return frozenset(NAMES.index(name) for name in names)


def _plain(name: str) -> str:
    return name.upper().removeprefix("CAP_")
