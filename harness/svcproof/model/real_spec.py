"""The part of a declaration that is about real Kubernetes: a cluster that kind makes, or one that exists."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from svcproof.model.declared import Declared
from svcproof.model.words import Image, Line, NamedImage

SMALL_PYTHON = (
    "docker.io/library/python:3.14-slim@sha256:cad9a2c871761c413caa6fdd6441c783451e740a48aaeba60ae62a8b53525ef6"
)
"""A public image, for several architectures, by the digest of its index."""
SSH = r"^ssh://([A-Za-z0-9_][A-Za-z0-9_.-]*@)?([A-Za-z0-9_][A-Za-z0-9_.-]*|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$"
"""A machine as ssh takes it; user and port are optional, and the host may be a name of the user's ssh configuration."""
SECRET = r"^(([a-z0-9]([-a-z0-9]*[a-z0-9])?/)?[a-z0-9]([-.a-z0-9]*[a-z0-9])?)?$"


class KindSpec(Declared):
    """A cluster that kind makes. https://kind.sigs.k8s.io/docs/user/configuration/."""

    image: Image = ""
    """The node image; empty: the one of `kubernetes`, or kind's own default."""
    kubernetes: Annotated[str, Field(pattern=r"^(v?[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4})?$")] = ""
    """A Kubernetes version: its image is kindest/node:v<version>."""
    config: Mapping[str, Any] = {}
    """More keys of kind's own configuration, such as featureGates or kubeadmConfigPatches: merged into ours."""
    load: Annotated[tuple[NamedImage, ...], Field(max_length=100)] = ()
    """Images of this machine's engine to load into the nodes."""


class KubeconfigSpec(Declared):
    """A cluster that exists, and the way to it."""

    path: Line = ""
    """The kubeconfig; empty: $KUBECONFIG, or ~/.kube/config. Relative to the declaration's folder."""
    context: Line = ""
    """The context in it; empty: its current one."""
    outside: Annotated[tuple[Annotated[str, Field(pattern=SSH, max_length=300)], ...], Field(max_length=8)] = ()
    """Clients outside the cluster, each `ssh://user@host`, which ssh must reach without a question; none: this
    machine, where it has a route to the nodes."""


class AgentSpec(Declared):
    """The image the sample pods run on: any with a Python of 3.9 or newer as python3."""

    image: NamedImage = SMALL_PYTHON
    pull_secret: Annotated[str, Field(pattern=SECRET, max_length=317)] = ""
    """A Secret to pull it with: `name`, in each namespace that was made beforehand, or `namespace/name`, to be copied
    into the namespaces that svcproof makes."""


class MetalLBSpec(Declared):
    """MetalLB, where a cluster has nothing that serves Services of type LoadBalancer."""

    manifest: Line = ""
    """Its manifest, a file; empty: the release that svcproof pins, obtained once."""
    install: bool = False
    """True if svcproof may install it into a cluster that it did not make; into its own it does."""
