"""The data of ConfigMaps and Secrets, as pods use them."""

import base64
from collections.abc import Mapping

from svcproof.api_kinds import CONFIG_MAPS, SECRETS, ApiKind
from svcproof.json_objects import Object
from svcproof.lab.client import ApiError, Client


class MissingValueError(Exception):
    """Something a pod refers to is not there; the message is in Kubernetes' words."""


class Values:
    """Reads ConfigMaps and Secrets by name; each method raises MissingValueError for one that has to be there."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def config_map(self, namespace: str, name: str, *, optional: bool = False) -> Mapping[str, bytes]:
        """The data of a ConfigMap by key; nothing where it is optional and not there."""
        data = await self._read(CONFIG_MAPS, namespace, name, optional=optional)
        text = {key: value.encode() for key, value in (data.get("data") or {}).items()}
        return text | _decoded(data.get("binaryData"))

    async def secret(self, namespace: str, name: str, *, optional: bool = False) -> Mapping[str, bytes]:
        """The data of a Secret by key; nothing where it is optional and not there."""
        return _decoded((await self._read(SECRETS, namespace, name, optional=optional)).get("data"))

    async def _read(self, resource: ApiKind, namespace: str, name: str, *, optional: bool) -> Object:
        try:
            return await self._client.get(resource, name, namespace)
        except ApiError as error:
            if not error.not_found:
                raise
            if optional:
                return {}
            raise MissingValueError(f'{resource.kind.lower()} "{name}" not found') from error


def _decoded(data: Mapping[str, str] | None) -> dict[str, bytes]:
    return {key: base64.b64decode(value) for key, value in (data or {}).items()}
