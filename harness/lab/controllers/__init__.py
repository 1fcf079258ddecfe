"""Controllers of the lab: clients of the API that fill in what the API server alone does not.

They can stand in for kube-controller-manager and kube-scheduler on any control plane, builtin or real.
"""

import asyncio

from harness.lab.client import Client
from harness.lab.controllers.daemon_set import DaemonSetController
from harness.lab.controllers.deployment import DeploymentController
from harness.lab.controllers.endpoints.legacy import EndpointsController
from harness.lab.controllers.endpoints.mirror import MirrorController
from harness.lab.controllers.endpoints.slice_controller import SliceController
from harness.lab.controllers.garbage import GarbageCollector
from harness.lab.controllers.informers import Informers
from harness.lab.controllers.job import JobController
from harness.lab.controllers.namespace import NamespaceController
from harness.lab.controllers.replica_set import ReplicaSetController
from harness.lab.controllers.scheduler import Scheduler
from harness.lab.controllers.stateful_set import StatefulSetController
from harness.lab.controllers.storage import StorageController
from harness.lab.layout import Layout
from harness.lab.network import Network


async def run(client: Client, layout: Layout, faults: frozenset[str], network: Network) -> None:
    """Run every controller until cancelled; `faults` are names from `harness.lab.faults.controllers`."""
    informers = Informers.of(client)
    async with asyncio.TaskGroup() as group:
        informers.start(group)
        for controller in (
            Scheduler(client, informers),
            SliceController(client, informers, faults),
            EndpointsController(client, informers, faults),
            MirrorController(client, informers, faults),
            ReplicaSetController(client, "replicaset-controller", informers.replica_sets, informers.pods),
            ReplicaSetController(client, "replication-controller", informers.replication_controllers, informers.pods),
            DeploymentController(client, informers),
            StatefulSetController(client, informers),
            DaemonSetController(client, informers),
            JobController(client, informers),
            StorageController(client, informers),
            NamespaceController(client, informers),
            GarbageCollector(client, informers),
        ):
            group.create_task(controller.run())
