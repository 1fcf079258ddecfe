"""Put objects into the form that the client asked for."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from aiohttp import web

from svcproof.json_objects import Object
from svcproof.lab.apiserver.accept import Answer, Form, negotiate
from svcproof.lab.apiserver.conversion import served_form
from svcproof.lab.apiserver.resources import Resource
from svcproof.lab.apiserver.schema.canonical import canonical
from svcproof.lab.apiserver.tables import table


@dataclass(frozen=True, slots=True)
class Presenter:
    """Renders objects of one resource for one request."""

    resource: Resource
    answer: Answer
    include: str

    def single(self, item: Object) -> Object:
        """Return one object in the form asked for."""
        shown = served_form(self.resource, item)
        match self.answer.form:
            case Form.TABLE:
                metadata = {"resourceVersion": item["metadata"].get("resourceVersion", "")}
                return table(self.resource, [shown], self.include, metadata, self.answer.version)
            case Form.PARTIAL:
                return partial(shown)
            case _:
                return shown

    def many(self, items: Sequence[Object], metadata: Object) -> Object:
        """Return a list in the form asked for."""
        shown = [served_form(self.resource, item) for item in items]
        api_version, kind = self.resource.api_version, f"{self.resource.kind}List"
        match self.answer.form:
            case Form.TABLE:
                return table(self.resource, shown, self.include, metadata, self.answer.version)
            case Form.PARTIAL_LIST:
                shown = [partial(item) for item in shown]
                api_version, kind = "meta.k8s.io/v1", "PartialObjectMetadataList"
            case _:
                shown = [{key: item[key] for key in item if key not in {"kind", "apiVersion"}} for item in shown]
        return {"kind": kind, "apiVersion": api_version, "metadata": metadata, "items": shown}

    def event(self, item: Object, *, first: bool) -> Object:
        """An object within a watch: only the first table describes its columns."""
        shown = self.single(item)
        if self.answer.form is Form.TABLE and not first:
            shown["columnDefinitions"] = None
        return shown

    def bookmark(self, version: int, *, initial: bool) -> Object:
        """The object of a bookmark: a version alone, with a mark at the end of the initial state."""
        metadata: Object = {"resourceVersion": str(version)}
        if initial:
            metadata["annotations"] = {"k8s.io/initial-events-end": "true"}
        return self.single(canonical(self.resource.type, {"metadata": metadata}))


def presenter(request: web.Request, resource: Resource) -> Presenter:
    """Negotiate for a request; raises ApiError 406."""
    return Presenter(resource, negotiate(request.headers.get("Accept", "")), request.query.get("includeObject", ""))


def respond(value: Any, status: int = 200, *, as_yaml: bool = False, warnings: Sequence[str] = ()) -> web.Response:
    """Write a value as a response, with a Warning header for each warning."""
    response = web.Response(status=status)
    for warning in warnings:
        response.headers.add("Warning", f'299 - "{warning.replace(chr(34), chr(92) + chr(34))}"')
    if as_yaml:
        response.content_type = "application/yaml"
        response.text = yaml.safe_dump(value, sort_keys=False)
    else:
        response.content_type = "application/json"
        response.text = json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
    return response


def partial(item: Object) -> Object:
    """The metadata of an object, alone."""
    return {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": item["metadata"]}
