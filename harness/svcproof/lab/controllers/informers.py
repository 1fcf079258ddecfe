"""The objects that the controllers watch: one informer a kind, shared by all of them."""

from asyncio import TaskGroup
from collections.abc import Iterator

from svcproof import api_kinds
from svcproof.lab.client import Client, Informer


class Informers:
    """The shared informers of everything in every namespace; to be run."""

    def __init__(self, client: Client) -> None:
        self.namespaces = Informer(client, api_kinds.NAMESPACES)
        self.nodes = Informer(client, api_kinds.NODES)
        self.pods = Informer(client, api_kinds.PODS)
        self.services = Informer(client, api_kinds.SERVICES)
        self.endpoints = Informer(client, api_kinds.ENDPOINTS)
        self.slices = Informer(client, api_kinds.ENDPOINT_SLICES)
        self.deployments = Informer(client, api_kinds.DEPLOYMENTS)
        self.replica_sets = Informer(client, api_kinds.REPLICA_SETS)
        self.replication_controllers = Informer(client, api_kinds.REPLICATION_CONTROLLERS)
        self.stateful_sets = Informer(client, api_kinds.STATEFUL_SETS)
        self.daemon_sets = Informer(client, api_kinds.DAEMON_SETS)
        self.jobs = Informer(client, api_kinds.JOBS)
        self.revisions = Informer(client, api_kinds.CONTROLLER_REVISIONS)
        self.storage_claims = Informer(client, api_kinds.STORAGE_CLAIMS)
        self.volumes = Informer(client, api_kinds.VOLUMES)
        self.classes = Informer(client, api_kinds.STORAGE_CLASSES)

    def __iter__(self) -> Iterator[Informer]:
        return iter(vars(self).values())

    def start(self, group: TaskGroup) -> None:
        """Run them all in a task group."""
        for informer in self:
            group.create_task(informer.run())
