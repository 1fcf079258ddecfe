"""Controllers of the lab: clients of the API that fill in what the API server alone does not.

They can stand in for kube-controller-manager and kube-scheduler on any control plane, builtin or real.
"""

import asyncio

from svcproof.lab.client import Client
from svcproof.lab.controllers.daemon_set import DaemonSetController
from svcproof.lab.controllers.deployment import DeploymentController
from svcproof.lab.controllers.endpoints.legacy import EndpointsController
from svcproof.lab.controllers.endpoints.mirror import MirrorController
from svcproof.lab.controllers.endpoints.slice_controller import SliceController
from svcproof.lab.controllers.garbage import GarbageCollector
from svcproof.lab.controllers.informers import Informers
from svcproof.lab.controllers.job import JobController
from svcproof.lab.controllers.namespace import NamespaceController
from svcproof.lab.controllers.replica_set import ReplicaSetController
from svcproof.lab.controllers.rules import Rules
from svcproof.lab.controllers.scheduler import Scheduler
from svcproof.lab.controllers.stateful_set import StatefulSetController
from svcproof.lab.controllers.storage import StorageController


async def run(client: Client, rules: Rules) -> None:
    """Run every controller until cancelled, beside an API server alone."""
    informers = Informers(client)
    async with asyncio.TaskGroup() as group:
        informers.start(group)
        for controller in (
            Scheduler(client, informers),
            SliceController(client, informers, rules),
            EndpointsController(client, informers, rules),
            MirrorController(client, informers, rules),
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


async def run_beside_kubernetes(client: Client) -> None:
    """Run until cancelled what the lab needs and kube-controller-manager does not do there."""
    informers = Informers(client)
    async with asyncio.TaskGroup() as group:
        informers.start(group)
        for controller in (Scheduler(client, informers), StorageController(client, informers)):
            group.create_task(controller.run())
