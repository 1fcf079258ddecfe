"""The embedded cluster as a provider."""

from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from svcproof import agent
from svcproof.disk import remove_tree
from svcproof.errors import LeftBehind, ProvisionError, UsageError
from svcproof.lab.process import launch
from svcproof.lab.process import leftovers as leftover_labs
from svcproof.lab.process.launch import Lab
from svcproof.ledger import LeftAlone
from svcproof.model.cluster import Cluster, Leftover, Progress
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.proxy_spec import ProxySpec
from svcproof.providers.lab import under_test
from svcproof.providers.lab.cluster import LabCluster
from svcproof.providers.lab.declaration import capabilities, faults_without_part, lab_config, obtained_components
from svcproof.providers.lab.faults import fault_problems
from svcproof.providers.lab.under_test import UnderTest
from svcproof.providers.lab.witness import LabWitness

__all__ = ["LabCluster", "capabilities", "fault_problems", "join", "leftovers", "remove_leftovers_of", "up"]

AGENT = Path(agent.__file__).parent / "pod"


@contextmanager
def up(
    spec: ClusterSpec, proxy: ProxySpec | None, *, faults: tuple[str, ...], progress: Progress, workers: int = 1
) -> Iterator[LabCluster]:
    """Have a lab with this proxy on its nodes, or with none, for the time of the context.

    Raises UsageError for what cannot be, ProvisionError where the lab or the proxy does not come up.
    """
    if problems := [*fault_problems(faults), *faults_without_part(spec, faults)]:
        raise UsageError(problems)
    programs = obtained_components(spec, progress)
    tested = under_test.prepared(proxy, faults, progress) if proxy else None
    progress(f"making a lab of {len(spec.nodes)} nodes")
    with launch.running(lab_config(spec), faults=faults, agent=AGENT, components=programs) as lab:
        if tested:
            _start(tested, lab, progress)
        yield LabCluster(spec, lab, tested)


def _start(tested: UnderTest, lab: Lab, progress: Progress) -> None:
    """Start the proxy; where it does not come up, the error has what the lab can tell of it."""
    try:
        tested.start(lab, progress)
    except ProvisionError as error:
        error.texts = dict(LabWitness(lab, tested).last_texts())
        raise


def join(spec: ClusterSpec, proxy: ProxySpec | None, handle: str) -> AbstractContextManager[Cluster]:
    """A lab belongs to one process: raises UsageError."""
    raise UsageError(f"the lab {spec.name} cannot be joined: each process has one of its own")


def leftovers() -> tuple[Leftover | LeftAlone, ...]:
    """Labs of this user whose harness is gone."""
    return leftover_labs.find()


def remove_leftovers_of(processes: Collection[int]) -> None:
    """Remove the labs of these processes, which have ended; raises OSError or LeftBehind."""
    for leftover in leftover_labs.find():
        if isinstance(leftover, leftover_labs.LeftoverLab) and leftover.harness in processes:
            try:
                leftover.remove()
            except ProvisionError as error:  # In the words in which the process itself has told it, if it has.
                raise LeftBehind(leftover.path, remove_tree(leftover.path)) from error
