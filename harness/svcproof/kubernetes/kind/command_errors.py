"""Remedies for what kind and the container engine print when they fail."""

from collections.abc import Iterator
from contextlib import contextmanager

from svcproof.commands import CommandError, NotStartedError, OverdueError
from svcproof.errors import ProvisionError

PER_NODE = 35
"""Instances of inotify that a node takes, at most."""
INOTIFY = (
    f"raise the limit of inotify, of which each node takes up to {PER_NODE}: "
    "as root, sysctl fs.inotify.max_user_instances=512 "
    "(https://kind.sigs.k8s.io/docs/user/known-issues/#pod-errors-due-to-too-many-open-files)"
)
NOT_BOOTED = "could not find a log line that matches"
"""Printed by kind where the systemd of a node did not come up within 30 s, which is a constant in it."""
SLOW = (
    "a node had not booted within the 30 s that kind allows: this machine is too slow or too busy at the moment; try "
    "again when it is idle, or with fewer nodes"
)
REMEDIES = (
    ("port is already allocated", "another program or container has that port: choose another in kind.config"),
    ("address already in use", "another program or container has that port: choose another in kind.config"),
    ("no space left on device", "the disk is full: see what takes it with docker system df, and make room"),
    ("failed to pull image", "the image is not here, and the registry did not give it"),
    ("permission denied while trying to connect", "you have no rights on its socket: join its group, or run as root"),
    ("Cannot connect to the Docker daemon", "the engine's daemon has ended: start it, then svcproof clean"),
    ("already exist for a cluster with the name", "see whose it is with svcproof kind list, or kind get clusters"),
    (NOT_BOOTED, SLOW),
    ("too many open files", INOTIFY),
    ("unable to decode config", "this version of kind knows no such key: look at kind.config of the declaration"),
    ("failed to generate kubeadm config", "look at the patches in kind.config of the declaration"),
    ("failed to create cluster: unknown", "look at kind.config of the declaration"),
    ("failed to create cluster: invalid", "look at kind.config of the declaration"),
    ("non-overlapping IPv4 address pool", "the engine has no addresses left for networks: docker network prune"),
)  # fmt: skip
"""A part of what is printed, and what to do about it."""
HUNG = "See whether the container engine answers, and restart its daemon if it hangs"


@contextmanager
def explained(program: str) -> Iterator[None]:
    """Raise ProvisionError, with what to do where that is known, for a command of `program` that fails inside."""
    try:
        yield
    except CommandError as error:
        if isinstance(error, NotStartedError):
            helps = f"put another {program} on PATH"
        else:
            helps = HUNG if isinstance(error, OverdueError) else remedy(error.printed)
        raise ProvisionError(f"{error}\n{helps}" if helps else str(error)) from error


def remedy(printed: str) -> str:
    """The remedy for what a program has printed; empty where none is known."""
    return next((helps for sign, helps in REMEDIES if sign.lower() in printed.lower()), "")
