"""What a declaration says of a cluster of real Kubernetes: how kind makes it, or how one that exists is reached."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from harness.model.declared import Declared

SMALL_PYTHON = (
    "docker.io/library/python:3.14-slim@sha256:cad9a2c871761c413caa6fdd6441c783451e740a48aaeba60ae62a8b53525ef6"
)
"""A public image, for several architectures, by the digest of its index."""
SSH = r"^ssh://([A-Za-z0-9_.-]+@)?([A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$"
"""A machine as ssh takes it; user and port are optional, and the host may be a name of the user's ssh configuration."""


class KindSpec(Declared):
    """How kind makes the cluster. https://kind.sigs.k8s.io/docs/user/configuration/."""

    image: str = ""
    """The node image; empty: the one of `kubernetes`, or kind's own default."""
    kubernetes: Annotated[str, Field(pattern=r"^(v?\d+\.\d+\.\d+)?$")] = ""
    """A Kubernetes version: its image is kindest/node:v<version>."""
    config: Mapping[str, Any] = {}
    """More keys of kind's own configuration, such as featureGates or kubeadmConfigPatches: merged into ours."""
    load: tuple[str, ...] = ()
    """Images of this machine's engine to load into the nodes."""


class KubeconfigSpec(Declared):
    """How a cluster that exists is reached."""

    path: str = ""
    """The kubeconfig; empty: $KUBECONFIG, or ~/.kube/config. Relative to the declaration's folder."""
    context: str = ""
    """The context in it; empty: its current one."""
    outside: tuple[Annotated[str, Field(pattern=SSH)], ...] = ()
    """Clients outside the cluster, each `ssh://user@host`, which ssh must reach without a question; none: this
    machine, where it has a route to the nodes."""


class AgentSpec(Declared):
    """The image the sample pods run on: any with a Python of 3.9 or newer as python3."""

    image: str = SMALL_PYTHON
    pull_secret: str = ""
    """A Secret to pull it with: `name`, in each namespace that was made beforehand, or `namespace/name`, to be copied
    into the namespaces that svcproof makes."""


class MetalLBSpec(Declared):
    """MetalLB, where a cluster has nothing that serves Services of type LoadBalancer."""

    manifest: str = ""
    """Its manifest, a file; empty: the release that svcproof pins, obtained once."""
    install: bool = False
    """Whether svcproof may install it into a cluster that it did not make; into its own it does."""
