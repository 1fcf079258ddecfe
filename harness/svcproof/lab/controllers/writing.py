"""Writing objects that may be there already, or gone, or as they should be."""

from svcproof.api_kinds import ApiKind
from svcproof.json_objects import Object
from svcproof.lab.client import ApiError, Client


async def create_missing(client: Client, resource: ApiKind, body: Object) -> bool:
    """Create an object unless there is one of its name; return True if it was created."""
    try:
        await client.create(resource, body)
    except ApiError as error:
        if error.reason != "AlreadyExists":
            raise
        return False
    return True


async def delete_existing(client: Client, resource: ApiKind, item: Object, propagation: str = "") -> None:
    """Delete an object unless it is gone already, and another may have its name by now."""
    name, namespace, uid = (item["metadata"].get(key) for key in ("name", "namespace", "uid"))
    try:
        await client.delete(resource, name, namespace, propagation=propagation, uid=uid)
    except ApiError as error:
        if not error.not_found and not error.conflict:
            raise


async def write_status(client: Client, resource: ApiKind, item: Object, status: Object) -> None:
    """Write the fields of an object's status that a controller works out, if any differs."""
    metadata, known = item["metadata"], item.get("status") or {}
    # The API leaves out counts that are zero; a merge patch has to name them.
    if any(known.get(key, 0) != value for key, value in status.items()):
        await client.patch(resource, metadata["name"], {"status": status}, metadata["namespace"], subresource="status")
