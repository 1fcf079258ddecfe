"""The bystanders of this process, made from its sample pods; a run goes on without them where they cannot be made."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass

import pytest

from svcproof.errors import SvcproofError
from svcproof.everywhere import claims_of
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.sample.workload import open_workbench
from svcproof.plugin.bystanders.stage import excuses, followed, kinds
from svcproof.plugin.bystanders.standing import Bystanders, Ground, standing
from svcproof.plugin.cluster import CLUSTER, NAMESPACE, versions
from svcproof.plugin.options import wanted
from svcproof.plugin.session import Leases, Sample, outside_vantages, vantage_of


@dataclass(frozen=True, slots=True)
class Standing:
    """The bystanders, or why there are none."""

    bystanders: Bystanders | None = None
    why: str = ""


@contextmanager
def bystanders(config: pytest.Config, sample: Sample, leases: Leases) -> Iterator[Standing]:
    """Make the bystanders that this run is to have, and look at them until the context ends."""
    wished = kinds(config)
    if not wished:
        yield Standing(why="no behaviour of bystanders is selected that this cluster and its proxy can show")
        return
    with ExitStack() as until:
        try:
            made = until.enter_context(_made(config, sample, leases))
        except SvcproofError as error:
            until.close()
            made = None
            why = str(error)
        yield Standing(made) if made else Standing(why=f"the bystanders could not be made: {why}")


@contextmanager
def _made(config: pytest.Config, sample: Sample, leases: Leases) -> Iterator[Bystanders]:
    cluster, namespace = config.stash[CLUSTER], config.stash[NAMESPACE]
    ground = Ground(
        cluster=cluster,
        claims=claims_of(wanted(config).proxy, versions(config)),
        namespace=namespace,
        echo=sample["echo"],
        clients=[pod.vantage for pod in sample["client"]],
        hosts=[pod.vantage for pod in sample["host"]],
        outsiders=outside_vantages(config, cluster),
    )
    # What the watch asks the API for is no part of what a check sees.
    with closing(Kube(cluster.kubeconfig)) as kube:
        pods = vantage_of(config, kube, cluster)
        with (
            open_workbench(kube, cluster, namespace, "bystander", pods) as workbench,
            standing(
                ground, kinds(config), lambda: next(leases.external_addresses), workbench, excuses(config)
            ) as standing_ones,
            followed(config, standing_ones),
        ):
            yield standing_ones
