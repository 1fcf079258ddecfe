"""The requirements of a lab: programs, namespaces and kernel modules that the machine must have."""

import errno
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from svcproof.limits import Provision

PACKAGES = {
    "ip": "iproute2",
    "nft": "nftables",
    "iptables": "iptables",
    "conntrack": "conntrack",
    "nsenter": "util-linux",
    "unshare": "util-linux",
    "mount": "mount",
}
"""Programs a lab runs, and the Debian packages they are in."""
SYSTEM_PROGRAMS = "/usr/local/sbin:/usr/sbin:/sbin"
"""Not on the PATH of ordinary users of Debian."""
BLOCKS = (
    ("kernel/apparmor_restrict_unprivileged_userns", "1", "0"),
    ("kernel/unprivileged_userns_clone", "0", "1"),
    ("user/max_user_namespaces", "0", "10000"),
)
"""Settings below /proc/sys; the value that keeps ordinary users out of user namespaces, and one that does not."""
SYSCTL = Path("/proc/sys")
TRIAL = """
ip link add name trial0 type bridge && ip link add trial1 type veth peer name trial2 &&
nft 'add table ip trial; add chain ip trial nat { type nat hook output priority 0; }'
"""
NAMESPACES = ("--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup")
"""The kinds of namespaces that a lab has of its own, as options of unshare(1) and nsenter(1)."""
MODULES = "veth bridge nf_tables nft_chain_nat nf_conntrack"
UNKNOWN_TO_KERNEL = (errno.EOPNOTSUPP, errno.ENOENT, errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT)
"""The errors of a kernel that lacks a module; iproute2 also prints `Unknown device type`."""
NOT_FOR_LABS = re.compile(r"(https?|ftp|all|no)_proxy|KUBECONFIG|KUBERNETES_.*", re.IGNORECASE)
"""Variables about other clusters and networks: a program in the lab would look for the API server elsewhere."""


@dataclass(frozen=True, slots=True)
class Lack:
    """A requirement that this machine lacks, and the command or the step that puts it right."""

    lacking: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.lacking}: {self.remedy}"


def search_path() -> str:
    """The PATH of a lab: the user's, and where system programs are."""
    return f"{os.environ.get('PATH', os.defpath)}:{SYSTEM_PROGRAMS}"


def environment() -> dict[str, str]:
    """The environment of a lab: the user's, without what leads out of it."""
    kept = {name: value for name, value in os.environ.items() if not NOT_FOR_LABS.fullmatch(name)}
    return {**kept, "PATH": search_path()}


def namespaces() -> tuple[str, ...]:
    """The command line that enters the namespaces of a new lab, as root or as anybody else."""
    user = () if os.getuid() == 0 else ("--user", "--map-root-user")
    return ("unshare", *user, *NAMESPACES, "--fork", "--kill-child", "--mount-proc")


def missing() -> tuple[Lack, ...]:
    """Return the requirements that this machine lacks; empty if a lab can run here."""
    if sys.platform != "linux":
        return (Lack(f"a lab needs Linux, this is {sys.platform}", "run it on a Linux machine, or in a virtual one"),)
    absent = [program for program in PACKAGES if not shutil.which(program, path=search_path())]
    if absent:
        return (Lack(f"{', '.join(absent)} not found", _way_to_packages(absent)),)
    return _trial()


def _way_to_packages(absent: Iterable[str]) -> str:
    packages = " ".join(dict.fromkeys(PACKAGES[program] for program in absent))
    if shutil.which("apt-get"):
        return f"{_as_root()}apt-get install -y {packages}"
    return f"install them by this system's package manager; the packages of Debian that have them are {packages}"


def _as_root() -> str:
    """The first word of a line to paste that only root can run; root needs none, and may have no sudo."""
    return "" if os.getuid() == 0 else "sudo "


def _trial() -> tuple[Lack, ...]:
    """Enter namespaces as a lab does, make links and load a rule there."""
    command = (*namespaces(), "sh", "-c", TRIAL)
    try:
        tried = subprocess.run(
            command, env=environment(), capture_output=True, text=True, timeout=Provision.LAB_TRIED.seconds
        )
    except subprocess.TimeoutExpired:
        lacking = f"a trial with namespaces, links and a rule did not end within {Provision.LAB_TRIED.seconds:g} s"
        return (Lack(lacking, f"see what keeps it: {shlex.join(command)}"),)
    if tried.returncode == 0:
        return ()
    # The first line is the error; nft puts a copy of the rule and a mark below it.
    message = next(filter(None, map(str.strip, tried.stderr.splitlines())), f"exit status {tried.returncode}")
    if message.startswith("unshare"):
        return (Lack(f"namespaces cannot be made ({message})", _way_to_namespaces(message)),)
    if _has_error(message, errno.EPERM, errno.EACCES):
        return (Lack(f"a namespace gives no right to set its network up ({message})", _way_to_rights("CAP_NET_ADMIN")),)
    if _has_error(message, *UNKNOWN_TO_KERNEL) or "Unknown device type" in message:
        load = f"{_as_root()}modprobe -a {MODULES} (in a container: on the machine that it runs on)"
        return (Lack(f"the kernel lacks something in a namespace ({message})", load),)
    return (
        Lack(f"a trial with links and a rule in a namespace failed ({message})", f"see why: {shlex.join(command)}"),
    )


def _has_error(message: str, *numbers: int) -> bool:
    return any(os.strerror(number) in message for number in numbers)


def _way_to_namespaces(message: str) -> str:
    if _has_error(message, errno.ENOSPC):
        return "as many namespaces are in use as user.max_*_namespaces allow: end what has them, or allow more"
    if _has_error(message, errno.EINVAL):
        return f"use a kernel that has all of these: {', '.join(option.removeprefix('--') for option in NAMESPACES)}"
    return _way_to_rights("CAP_SYS_ADMIN")


def _way_to_rights(capability: str) -> str:
    """The remedy where something is not permitted: a setting of the kernel that forbids it, or else more rights."""
    if os.getuid() == 0:
        return f"run with {capability}; in a container, with --privileged"
    for name, blocked, free in BLOCKS:
        setting = SYSCTL / name
        if setting.exists() and setting.read_text().strip() == blocked:
            return f"sudo sysctl -w {name.replace('/', '.')}={free}, or run as root"
    return "run as root"
