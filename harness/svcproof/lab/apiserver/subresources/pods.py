"""Bindings and evictions of pods."""

from dataclasses import replace

from aiohttp import web

from svcproof.json_objects import Object
from svcproof.lab.apiserver.body import read
from svcproof.lab.apiserver.delete import delete
from svcproof.lab.apiserver.errors import conflict, required, unprocessable
from svcproof.lab.apiserver.metadata import now
from svcproof.lab.apiserver.options import delete_options, write_options
from svcproof.lab.apiserver.present import respond
from svcproof.lab.apiserver.target import Target, existing
from svcproof.lab.apiserver.write import Writer

DONE = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201}


async def bind(writer: Writer, target: Target, request: web.Request) -> web.Response:
    """Assign a pod to a node; raises ApiError 409 for one that has been assigned."""
    binding = await read(request, "core.Binding")
    name = (binding.get("target") or {}).get("name", "")
    if not name:
        raise unprocessable("Binding", "", target.name, [required("target.name")])

    binding_of = replace(target.resource, plural="pods/binding")

    def assign(pod: Object) -> Object:
        spec = pod["spec"]
        if pod["metadata"].get("deletionTimestamp"):
            raise conflict(
                target.resource, target.name, f"pod {target.name} is being deleted, cannot be assigned to a host"
            )
        if spec.get("nodeName"):
            why = f'pod {target.name} is already assigned to node "{spec["nodeName"]}"'
            raise conflict(binding_of, target.name, why)
        condition = {"type": "PodScheduled", "status": "True", "lastTransitionTime": now()}
        status = pod.get("status") or {}
        others = [other for other in status.get("conditions") or [] if other["type"] != "PodScheduled"]
        status = {**status, "conditions": [*others, condition]}
        return {**pod, "spec": {**spec, "nodeName": name}, "status": status}

    writer.update(target, assign, write_options(request.query))
    return respond(DONE, 201)


async def evict(writer: Writer, target: Target, request: web.Request) -> web.Response:
    """Delete a pod, as `kubectl drain` does; no disruption budget forbids it."""
    existing(writer.store, target)
    eviction = await read(request, "policy.Eviction")
    delete(writer, target, delete_options(request.query, eviction.get("deleteOptions") or {}))
    return respond(DONE, 201)
