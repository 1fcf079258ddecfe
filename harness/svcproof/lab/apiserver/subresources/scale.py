"""The number of replicas of a workload, as autoscaling/v1 Scale."""

from aiohttp import web

from svcproof.json_objects import Object
from svcproof.lab.apiserver.body import read
from svcproof.lab.apiserver.errors import bad_request, method_not_allowed
from svcproof.lab.apiserver.options import write_options
from svcproof.lab.apiserver.patch import patch_of
from svcproof.lab.apiserver.present import respond
from svcproof.lab.apiserver.selectors import selector_text
from svcproof.lab.apiserver.target import Target, existing
from svcproof.lab.apiserver.write import Writer

TYPE = "autoscaling.Scale"
KEPT = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")


async def scale(writer: Writer, target: Target, request: web.Request) -> web.Response:
    """Answer GET, PUT and PATCH; raises ApiError."""
    workload = existing(writer.store, target)
    if request.method == "GET":
        return respond(scale_of(workload))
    if request.method == "PUT":
        body = await read(request, TYPE)
    elif request.method == "PATCH":
        body = patch_of(request.content_type, await request.read(), TYPE)(scale_of(workload))
    else:
        raise method_not_allowed()
    replicas = (body.get("spec") or {}).get("replicas", 0)
    if not isinstance(replicas, int) or replicas < 0:
        raise bad_request(f"spec.replicas: Invalid value: {replicas}: must be greater than or equal to 0")
    version = (body.get("metadata") or {}).get("resourceVersion")

    def change(item: Object) -> Object:
        metadata = {**item["metadata"], **({"resourceVersion": version} if version else {})}
        return {**item, "metadata": metadata, "spec": {**item["spec"], "replicas": replicas}}

    whole = Target(resource=target.resource, namespace=target.namespace, name=target.name)
    return respond(scale_of(writer.update(whole, change, write_options(request.query)).item))


def scale_of(item: Object) -> Object:
    """Return the Scale of a workload."""
    spec, status = item["spec"], item.get("status") or {}
    selector = selector_text(spec.get("selector") or {})
    return {
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": {key: item["metadata"][key] for key in KEPT if key in item["metadata"]},
        "spec": {"replicas": spec["replicas"]} if spec.get("replicas") else {},
        "status": {"replicas": status.get("replicas", 0), **({"selector": selector} if selector else {})},
    }
