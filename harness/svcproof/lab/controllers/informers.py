"""The objects that the controllers watch: one informer a kind, shared by all of them."""

from asyncio import TaskGroup
from collections.abc import Iterator
from dataclasses import dataclass, fields

from svcproof.api_kinds import (
    CONTROLLER_REVISIONS,
    DAEMON_SETS,
    DEPLOYMENTS,
    ENDPOINT_SLICES,
    ENDPOINTS,
    JOBS,
    NAMESPACES,
    NODES,
    PODS,
    REPLICA_SETS,
    REPLICATION_CONTROLLERS,
    SERVICES,
    STATEFUL_SETS,
    STORAGE_CLAIMS,
    STORAGE_CLASSES,
    VOLUMES,
)
from svcproof.lab.client import Client, Informer


@dataclass(frozen=True, slots=True)
class Informers:
    """The shared informers."""

    namespaces: Informer
    nodes: Informer
    pods: Informer
    services: Informer
    endpoints: Informer
    slices: Informer
    deployments: Informer
    replica_sets: Informer
    replication_controllers: Informer
    stateful_sets: Informer
    daemon_sets: Informer
    jobs: Informer
    revisions: Informer
    storage_claims: Informer
    volumes: Informer
    classes: Informer

    @classmethod
    def of(cls, client: Client) -> "Informers":
        """Informers of everything in every namespace; to be run."""
        return cls(
            namespaces=Informer(client, NAMESPACES),
            nodes=Informer(client, NODES),
            pods=Informer(client, PODS),
            services=Informer(client, SERVICES),
            endpoints=Informer(client, ENDPOINTS),
            slices=Informer(client, ENDPOINT_SLICES),
            deployments=Informer(client, DEPLOYMENTS),
            replica_sets=Informer(client, REPLICA_SETS),
            replication_controllers=Informer(client, REPLICATION_CONTROLLERS),
            stateful_sets=Informer(client, STATEFUL_SETS),
            daemon_sets=Informer(client, DAEMON_SETS),
            jobs=Informer(client, JOBS),
            revisions=Informer(client, CONTROLLER_REVISIONS),
            storage_claims=Informer(client, STORAGE_CLAIMS),
            volumes=Informer(client, VOLUMES),
            classes=Informer(client, STORAGE_CLASSES),
        )

    def __iter__(self) -> Iterator[Informer]:
        return (getattr(self, field.name) for field in fields(self))

    def start(self, group: TaskGroup) -> None:
        """Run them all in a task group."""
        for informer in self:
            group.create_task(informer.run())
