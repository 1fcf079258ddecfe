"""Attempts to change the machine from within a lab: `attempts.py LAB_DIRECTORY` prints those that succeed, as JSON.

None does harm where it succeeds: settings are written back as they are, devices are opened and not written, files
have names of their own and are removed.
"""

import ctypes
import errno
import json
import os
import socket
import stat
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import mkdtemp

LIBC = ctypes.CDLL(None, use_errno=True)
SETTINGS = [
    "kernel/panic",
    "kernel/core_pattern",
    "kernel/sysrq",
    "vm/swappiness",
    "fs/file-max",
    "user/max_user_namespaces",
]
ATTRIBUTES = ["/sys/kernel/mm/transparent_hugepage/enabled", "/sys/fs/cgroup/cgroup.procs", "/sys/power/state"]
DIRECTORIES = "/boot /etc /home /lib /media /mnt /opt /root /srv /sys /sys/fs/bpf/ /usr /usr/bin /var /var/lib /var/tmp"
MS_RDONLY, MS_REMOUNT, MS_BIND = 1, 32, 4096
CLOCK_REALTIME = 0
FINIT_MODULE = {"x86_64": 313}.get(os.uname().machine, 273)


def succeeds(action: Callable[[], object]) -> bool:
    try:
        action()
    except OSError:
        return False
    return True


def write_back(path: str) -> None:
    text = Path(path).read_text()
    Path(path).write_text(text)


def refused(result: int) -> bool:
    return result != 0 and ctypes.get_errno() in (errno.EPERM, errno.EACCES, errno.ENOSYS)


def settings() -> Iterator[str]:
    yield from (path for name in SETTINGS if succeeds(lambda path=(path := f"/proc/sys/{name}"): write_back(path)))
    opened = [*ATTRIBUTES, "/proc/sysrq-trigger", *map(str, Path("/sys/module").glob("*/parameters/*"))]
    yield from (path for path in opened if succeeds(lambda path=path: os.close(os.open(path, os.O_WRONLY))))


def files(own: frozenset[str]) -> Iterator[str]:
    for directory in (*DIRECTORIES.split(), str(Path(__file__).parent)):
        file = Path(directory, f"svcproof-attempt-{os.getpid()}")
        if directory not in own and succeeds(file.touch):
            file.unlink()
            yield f"a file in {directory}"


def mounts() -> Iterator[str]:
    for target in ("/proc/sys", "/etc", "/usr", "/sys"):
        if LIBC.mount(None, target.encode(), None, MS_REMOUNT | MS_BIND, None) == 0:
            LIBC.mount(None, target.encode(), None, MS_REMOUNT | MS_BIND | MS_RDONLY, None)
            yield f"{target} made writable"
    if LIBC.umount2(b"/proc/sys", 0) == 0:
        yield "/proc/sys uncovered"
    place = mkdtemp(dir="/tmp")
    if LIBC.mount(b"proc", place.encode(), b"proc", 0, None) == 0:
        if succeeds(lambda: write_back(f"{place}/sys/kernel/panic")):
            yield "another /proc"
        LIBC.umount2(place.encode(), 0)


def devices() -> Iterator[str]:
    for line in Path("/proc/partitions").read_text().splitlines()[2:]:
        major, minor, _, name = line.split()
        number = os.makedev(int(major), int(minor))
        if succeeds(lambda name=name: os.close(os.open(f"/dev/{name}", os.O_RDONLY))):
            yield f"/dev/{name}"
        for node in (Path(directory, f"svcproof-attempt-{name}") for directory in ("/dev", "/tmp", "/run")):
            made = succeeds(lambda node=node, number=number: os.mknod(node, stat.S_IFBLK | 0o600, number))
            if succeeds(lambda node=node: os.close(os.open(node, os.O_RDONLY))):
                yield str(node)
            if made:
                node.unlink()
    yield from (str(path) for path in Path("/dev/pts").iterdir() if path.name != "ptmx")
    yield from (path for path in ("/dev/mem", "/dev/kmsg", "/dev/kvm", "/dev/loop-control") if Path(path).exists())


def kernel() -> Iterator[str]:
    if not refused(LIBC.syscall(FINIT_MODULE, -1, b"", 0)):
        yield "load a module"
    if not refused(LIBC.delete_module(b"svcproof_no_such_module", os.O_NONBLOCK)):
        yield "unload a module"
    if succeeds(lambda: time.clock_settime(CLOCK_REALTIME, time.time())):
        yield "set the clock"
    if not refused(LIBC.syscall({"x86_64": 169}.get(os.uname().machine, 142), 0, 0, 0, 0)):  # Of no valid request.
        yield "reboot"


def processes() -> Iterator[str]:
    for process in Path("/proc").glob("[0-9]*"):
        if process.name == str(os.getpid()):
            continue
        environment = b""
        if succeeds(lambda process=process: (process / "environ").read_bytes()):
            environment = (process / "environ").read_bytes()
        if b"SVCPROOF_SECRET" in environment:
            yield f"the secret of {process}"
        if succeeds((process / "root" / "etc" / "passwd").read_text):
            yield f"the files of {process}"


def of_the_lab(lab: Path) -> Iterator[str]:
    for name in ("settings", "token", "kubeconfig", "certificates/tls.key", "logs", "pods"):
        if (lab / name).exists():
            yield str(lab / name)
    for path in (lab / "control.sock", lab / "api.sock", Path("/run/docker.sock"), Path("/var/run/docker.sock")):
        with socket.socket(socket.AF_UNIX) as connection:
            if succeeds(lambda path=path, connection=connection: connection.connect(str(path))):
                yield str(path)


if __name__ == "__main__":
    _, lab, *own = sys.argv
    parts = (settings(), files(frozenset(own)), mounts(), devices(), kernel(), processes(), of_the_lab(Path(lab)))
    names = ("mnt", "uts", "ipc", "net", "pid", "cgroup")
    namespaces = {name: str(Path("/proc/self/ns", name).readlink()) for name in names}
    json.dump({"succeeded": [attempt for part in parts for attempt in part], "namespaces": namespaces}, sys.stdout)
