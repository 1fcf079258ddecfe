"""Request bodies in JSON, YAML or protobuf, as JSON has them."""

import json
from typing import Any

from aiohttp import web

from svcproof.json_objects import Object
from svcproof.lab.apiserver.errors import ApiError, bad_request
from svcproof.lab.apiserver.schema import protobuf
from svcproof.yaml_reading import MANIFEST, parse

PROTOBUF = "application/vnd.kubernetes.protobuf"


async def read(request: web.Request, type_name: str) -> Object:
    """Decode the body, which is an object of `type_name`; an empty body gives {}.

    Raises ApiError 415 for a media type that no API server takes, 400 for a body that cannot be read.
    """
    body = await request.read()
    if not body:
        return {}
    media = request.content_type
    if media == PROTOBUF:
        return _protobuf(body, type_name)
    if media in {"application/json", "application/octet-stream", "text/plain", "*/*"}:
        return _mapping(_json(body))
    if media == "application/yaml":
        return _mapping(_yaml(body))
    accepted = f"application/json, application/yaml, {PROTOBUF}"
    message = f"the body of the request was in an unknown format - accepted media types include: {accepted}"
    raise ApiError(415, "UnsupportedMediaType", message)


def json_or_yaml(body: bytes) -> Any:
    """Decode JSON or YAML."""
    return _json(body) if body.lstrip()[:1] in {b"{", b"["} else _yaml(body)


def _protobuf(body: bytes, type_name: str) -> Object:
    try:
        api_version, kind, raw = protobuf.envelope(body)
        group = type_name.partition(".")[0]
        known = kind if kind in {"DeleteOptions"} else type_name.partition(".")[2]
        decoded = protobuf.decode(f"meta.{known}" if known == "DeleteOptions" else f"{group}.{known}", raw)
    except (ValueError, OverflowError) as error:
        raise bad_request(f"the protobuf body could not be decoded: {error}") from error
    return {**decoded, "apiVersion": api_version, "kind": kind}


def _mapping(value: Any) -> Object:
    if not isinstance(value, dict):
        raise bad_request("couldn't get version/kind; json parse error: the body is not an object")
    return value


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError as error:
        raise bad_request(f"couldn't get version/kind; json parse error: {error}") from error


def _yaml(body: bytes) -> Any:
    try:
        parts = parse(body.decode(), MANIFEST)
    except ValueError as error:
        raise bad_request(f"error converting YAML to JSON: {error}") from error
    if len(parts) > 1:
        raise bad_request("error converting YAML to JSON: there is more than one document")
    return parts[0].value if parts else None
