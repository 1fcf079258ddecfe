"""The recorder of Events, which `kubectl describe` shows under an object."""

import logging

import aiohttp

from svcproof.api_kinds import EVENTS
from svcproof.json_objects import Object
from svcproof.lab import clock
from svcproof.lab.client.client import Client
from svcproof.lab.client.error import ApiError

log = logging.getLogger(__name__)


class Recorder:
    """Records events in the name of one component of the cluster."""

    def __init__(self, client: Client, component: str, host: str = "") -> None:
        self._client = client
        self._source = {"component": component, **({"host": host} if host else {})}

    async def normal(self, item: Object, reason: str, message: str) -> None:
        """Record an event of type Normal: something went as it should."""
        await self._record("Normal", item, reason, message)

    async def warning(self, item: Object, reason: str, message: str) -> None:
        """Record an event of type Warning: something went wrong."""
        await self._record("Warning", item, reason, message)

    async def _record(self, kind: str, item: Object, reason: str, message: str) -> None:
        metadata = item["metadata"]
        now = clock.rfc3339(clock.now())
        event = {
            "metadata": {"generateName": f"{metadata['name']}.", "namespace": metadata.get("namespace") or "default"},
            "involvedObject": {
                "apiVersion": item["apiVersion"],
                "kind": item["kind"],
                "name": metadata["name"],
                "uid": metadata["uid"],
                "resourceVersion": metadata["resourceVersion"],
                **({"namespace": metadata["namespace"]} if "namespace" in metadata else {}),
            },
            "reason": reason,
            "message": message,
            "type": kind,
            "source": self._source,
            "reportingComponent": self._source["component"],
            "firstTimestamp": now,
            "lastTimestamp": now,
            "count": 1,
        }
        try:
            await self._client.create(EVENTS, event)
        except (ApiError, aiohttp.ClientError, TimeoutError) as error:
            # What happened has happened; only the note about it is lost, as when the namespace is being deleted.
            log.info("event %s of %s was not recorded: %s", reason, metadata["name"], error)
