"""Writing EndpointSlices as planned."""

from svcproof.api_kinds import ENDPOINT_SLICES
from svcproof.json_objects import Object
from svcproof.lab.client import ApiError, Client
from svcproof.lab.controllers.endpoints.slices import Plan


async def carry_out(client: Client, planned: Plan) -> None:
    """Create, replace and delete slices; raises ApiError where one was changed meanwhile."""
    for body in planned.create:
        await client.create(ENDPOINT_SLICES, body)
    for body in planned.replace:
        await client.replace(ENDPOINT_SLICES, body)
    for body in planned.delete:
        await _delete(client, body)


async def _delete(client: Client, body: Object) -> None:
    try:
        await client.delete(ENDPOINT_SLICES, body["metadata"]["name"], body["metadata"]["namespace"])
    except ApiError as error:
        if not error.not_found:
            raise
