"""The image of the nodes: which it is, what Kubernetes is in it, and whether this kind and this machine can run it."""

import re

from svcproof.errors import ProvisionError
from svcproof.kubernetes.kind.engine import Engine
from svcproof.kubernetes.kind.kind_program import INSTALL, KindProgram
from svcproof.model.cluster_spec import ClusterSpec

Version = tuple[int, ...]
PUBLISHED = "kindest/node"
LOCAL = "*/node:v*"
REFUSES_CGROUP_V1: Version = (1, 35)
"""From this version on a kubelet does not start on cgroup v1 unless it is told to.

https://kubernetes.io/docs/concepts/architecture/cgroups/
"""
MINIMA: tuple[tuple[Version, Version], ...] = (((1, 36), (0, 32, 0)), ((1, 24), (0, 13, 0)))
"""From which Kubernetes on which kind is needed: its kubeadm refuses the configuration that an older one writes.

https://github.com/kubernetes-sigs/kind/releases
"""
OLDEST: Version = (1, 23)
"""Older ones need a kind that is too old for the rest."""


def chosen(spec: ClusterSpec) -> str:
    """The image that is asked for; empty: kind's own default."""
    wanted = spec.kind.kubernetes.removeprefix("v")
    return spec.kind.image or (f"{PUBLISHED}:v{wanted}" if wanted else "")


def version(engine: Engine, image: str) -> Version:
    """The Kubernetes in an image, by its tag, or by looking into it where it is here; empty: not known."""
    if tag := re.search(r":v(\d+)\.(\d+)\.(\d+)", image):
        return tuple(map(int, tag.groups()))
    if not image or not engine.has_image(image):
        return ()
    answer = engine.attempt("run", "--rm", "--network", "none", "--entrypoint", "cat", image, "/kind/version")
    inside = re.fullmatch(r"v(\d+)\.(\d+)\.(\d+)\S*", answer.stdout_text.strip())
    if inside is None:
        raise ProvisionError(
            f"{image} is no node image: it has no /kind/version that tells of a Kubernetes. "
            f"Take one that was made for kind{here(engine)}"
        )
    return tuple(map(int, inside.groups()))


def check(engine: Engine, kind: KindProgram, image: str, kubernetes: Version) -> None:
    """Raise ProvisionError where this kind cannot make a cluster of this Kubernetes, with what to do."""
    least = next((needed for first, needed in MINIMA if kubernetes[:2] >= first), ())
    if kubernetes and kind.version < least:
        raise ProvisionError(
            f"{kind.path} is kind {dotted(kind.version)}, too old for Kubernetes {dotted(kubernetes)} of {image}: "
            f"install kind {dotted(least)} or newer ({INSTALL}), or take an older node image{here(engine, image)}"
        )
    if kubernetes and kubernetes[:2] < OLDEST:
        raise ProvisionError(
            f"{kind.path} is kind {dotted(kind.version)}, too new for Kubernetes {dotted(kubernetes)} of {image}: "
            f"take a node image of {dotted(OLDEST)} or newer{here(engine, image)}"
        )


def outdated(kind: KindProgram) -> str:
    """The remedy for a kind that is too old for current Kubernetes; empty where it is not."""
    kubernetes, needed = MINIMA[0]
    if kind.version >= needed:
        return ""
    return f"Kubernetes {dotted(kubernetes)} needs kind {dotted(needed)} or newer ({INSTALL})"


def refuses_cgroup_v1(kubernetes: Version) -> bool:
    """True if its kubelet has to be told to run on cgroup v1; an unknown one is taken for a new one."""
    return not kubernetes or kubernetes[:2] >= REFUSES_CGROUP_V1


def here(engine: Engine, but: str = "") -> str:
    """The node images that the engine has, but for one, as the end of a sentence that says what to do."""
    images = [image for image in engine.images(LOCAL) if image != but]
    return f": --node-image {' or '.join(images)}" if images else " (--node-image); this machine has no other"


def dotted(parts: Version) -> str:
    """A version as it is written."""
    return "v" + ".".join(map(str, parts))
