"""What kind and the container engine say when they fail, and what helps."""

import re

LAST_LINES = 15
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
"""What is said, and what to do about it."""


GO_FRAME = re.compile(r"^\S+\n\s+\S+\.go:\d+$\n?", re.MULTILINE)
"""A function and the place in its source: kubeadm ends with a stack of them, under which its error would be lost."""


def last_lines(said: str, lines: int = LAST_LINES) -> str:
    """The end of what a program said, without the stack of a Go program."""
    return "\n".join(GO_FRAME.sub("", said).strip().splitlines()[-lines:]) or "(it said nothing)"


def with_remedy(what: str, said: str) -> str:
    """What failed, the last lines of what was said, and what to do, where that is known."""
    helps = remedy(said)
    return f"{what}:\n{last_lines(said)}" + (f"\n{helps}" if helps else "")


def remedy(said: str) -> str:
    """What to do about what is said, where that is known."""
    return next((helps for sign, helps in REMEDIES if sign.lower() in said.lower()), "")
