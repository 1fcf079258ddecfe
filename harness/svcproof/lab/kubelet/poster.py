"""Keeps a pod's status in the API as it is."""

import asyncio
import logging
from collections.abc import Callable

import aiohttp

from svcproof.api_kinds import PODS
from svcproof.json_objects import Object
from svcproof.lab.client import ApiError, Client, PatchType

RETRY_SECONDS = 0.2
log = logging.getLogger(__name__)


class Poster:
    """Posts what `status` works out, whenever `wake` is called and it has changed."""

    def __init__(self, client: Client, pod: Object, status: Callable[[], Object]) -> None:
        self.posted: Object = {}
        """The status as last written."""
        self._client, self._status = client, status
        self._metadata = pod["metadata"]
        self._changed = asyncio.Event()
        self._posting = asyncio.Lock()

    def wake(self) -> None:
        """The status may have changed."""
        self._changed.set()

    async def run(self) -> None:
        """Post until cancelled."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            try:
                await self.post()
            except (ApiError, aiohttp.ClientError, TimeoutError) as error:
                log.warning("the status of pod %s could not be written: %s", self._metadata["name"], error)
                self._changed.set()
                await asyncio.sleep(RETRY_SECONDS)

    async def post(self) -> None:
        """Write the status now, if it differs; a pod that is gone needs none."""
        async with self._posting:
            status = self._status()
            if status == self.posted:
                return
            name, namespace = self._metadata["name"], self._metadata["namespace"]
            patch = {"metadata": {"uid": self._metadata["uid"]}, "status": status}
            try:
                await self._client.patch(PODS, name, patch, namespace, type=PatchType.STRATEGIC, subresource="status")
            except ApiError as error:
                # Not found: it is gone. Conflict: another pod has the name by now.
                if not error.not_found and not error.conflict:
                    raise
            self.posted = status
