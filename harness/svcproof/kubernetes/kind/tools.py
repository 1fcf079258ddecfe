"""The programs that make and hold clusters, and the clusters that they hold."""

import re
from dataclasses import dataclass
from pathlib import Path

from svcproof import ledger
from svcproof.disk import write_private
from svcproof.errors import ProvisionError
from svcproof.kubernetes.kind import engine, kind_program
from svcproof.kubernetes.kind.configuration import LABEL, MAKER
from svcproof.kubernetes.kind.engine import Engine
from svcproof.kubernetes.kind.kind_program import KindProgram
from svcproof.ledger import Entry
from svcproof.limits import Provision
from svcproof.wait import await_none

CLUSTER = "io.x-k8s.kind.cluster"
"""The label by which kind knows the containers of a cluster."""
KUBEADM = "/kind/kubeadm.conf"
"""The file that kind writes into each node before it starts; the labels of the node are in it."""


@dataclass(frozen=True, slots=True)
class Tools:
    """kind, and the engine it works on."""

    engine: Engine
    kind: KindProgram

    def nodes(self, cluster: str) -> tuple[str, ...]:
        """Names of the node containers of a cluster."""
        return self.engine.containers(f"{CLUSTER}={cluster}")

    def declaration(self, cluster: str) -> str:
        """The digest of the declaration a cluster was made from; empty: svcproof has not made it.

        The nodes' own files say it, so that it can be told of a cluster that does not run.
        """
        return self._label(cluster, LABEL)

    def maker(self, cluster: str) -> str:
        """The token of the run that has made a cluster; empty where its nodes do not say."""
        return self._label(cluster, MAKER)

    def _label(self, cluster: str, label: str) -> str:
        for node in self.nodes(cluster):
            copied = self.engine.attempt("cp", f"{node}:{KUBEADM}", "-")
            if match := re.search(rf"{re.escape(label)}=([0-9a-f]+)", copied.stdout_text):
                return match[1]
        return ""

    def kubeconfig(self, cluster: str, directory: Path) -> Path:
        """Write the kubeconfig of a cluster into a directory, for this user alone, and return it.

        Raises ProvisionError where that fails.
        """
        written = directory / "kubeconfig"
        with ledger.writing("the kubeconfig of the run", written):
            write_private(written, self.kind.kubeconfig(cluster), durable=True)
        return written

    def delete(self, cluster: str, directory: Path) -> None:
        """Remove a cluster, and all of it; `directory` is for kind to write in. Raises ProvisionError."""
        trouble = ""
        try:
            self.kind.delete(cluster, directory)
        except ProvisionError as error:
            trouble = f" ({error})"  # Such as a full disk, which must not keep the containers from being removed.

        def leftovers() -> tuple[str, ...]:
            # What the engine had begun to make when kind was killed appears after kind has looked.
            late = self.nodes(cluster)
            self.engine.remove(*late)
            return late

        await_none(f"the end of the containers of {cluster}{trouble}", leftovers, Provision.CONTAINERS_GONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeCluster:
    """A cluster that exists. `entry` is the run's in the ledger, whose token is the run's name."""

    name: str
    entry: Entry
    kubeconfig: Path
    kept: bool
    """True if it stays after the run."""


def find() -> Tools:
    """Return what is on PATH; raises ProvisionError where something is missing or does not answer."""
    return Tools(engine.find(), kind_program.find())
