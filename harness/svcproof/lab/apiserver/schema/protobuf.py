"""Decode the protobuf form of Kubernetes objects into their JSON form.

A body is `k8s\\0` and a runtime.Unknown message holding the kind and the object; see
https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding .
"""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from svcproof.lab import clock
from svcproof.lab.apiserver.schema import Field, types

MAGIC = b"k8s\x00"
Value = int | bytes


def envelope(body: bytes) -> tuple[str, str, bytes]:
    """Return apiVersion, kind and the encoded object; raises ValueError if the envelope is malformed."""
    if not body.startswith(MAGIC):
        raise ValueError("provided data does not appear to be a protobuf message")
    api_version, kind, raw = "", "", b""
    for number, value in _messages(body[len(MAGIC) :]):
        if number == 1 and isinstance(value, bytes):
            names = {key: inner for key, inner in _messages(value) if isinstance(inner, bytes)}
            api_version, kind = names.get(1, b"").decode(), names.get(2, b"").decode()
        elif number == 2 and isinstance(value, bytes):
            raw = value
    return api_version, kind, raw


def decode(type_name: str, raw: bytes) -> dict[str, Any]:
    """Return the message as JSON would have it; fields that the table does not have are skipped."""
    known = types()[type_name].numbered
    result: dict[str, Any] = {}
    for number, value in _messages(raw):
        if number not in known:
            continue
        name, field = known[number]
        if field.inline:
            result |= decode(field.type, _octets(value))
        elif field.container == "[]":
            result.setdefault(name, []).extend(_elements(field, value))
        elif field.container == "{}":
            key, element = _entry(field, _octets(value))
            result.setdefault(name, {})[key] = element
        else:
            result[name] = _single(field.type, value)
    return result


def _elements(field: Field, value: Value) -> Iterator[Any]:
    if field.type in {"i", "b"} and isinstance(value, bytes):
        at = 0
        while at < len(value):
            number, at = _varint(value, at)
            yield _single(field.type, number)
    else:
        yield _single(field.type, value)


def _entry(field: Field, raw: bytes) -> tuple[str, Any]:
    parts = dict(_messages(raw))
    empty: Value = 0 if field.type in {"i", "b"} else b""
    return _octets(parts.get(1, b"")).decode(), _single(field.type, parts.get(2, empty))


def _single(kind: str, value: Value) -> Any:
    match kind:
        case "s":
            return _octets(value).decode()
        case "i":
            return _signed(value)
        case "b":
            return bool(value)
        case "y":
            return base64.b64encode(_octets(value)).decode()
        case "Time" | "MicroTime":
            return _time(_octets(value), micro=kind == "MicroTime")
        case "Quantity":
            return _octets(dict(_messages(_octets(value))).get(1, b"0")).decode()
        case "IntOrString":
            parts = dict(_messages(_octets(value)))
            return _octets(parts.get(3, b"")).decode() if parts.get(1) else _signed(parts.get(2, 0))
        case "Raw":
            inner = _octets(dict(_messages(_octets(value))).get(1, b""))
            return json.loads(inner) if inner else None
        case _:
            return decode(kind, _octets(value))


def _time(raw: bytes, *, micro: bool) -> str | None:
    parts = dict(_messages(raw))
    seconds = _signed(parts.get(1, 0))
    if not parts or seconds <= -62135596800:
        return None
    moment = datetime.fromtimestamp(seconds, UTC)
    if not micro:
        return clock.rfc3339(moment)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{_signed(parts.get(2, 0)) // 1000:06d}Z"


def _messages(raw: bytes) -> Iterator[tuple[int, Value]]:
    at = 0
    while at < len(raw):
        tag, at = _varint(raw, at)
        match tag & 7:
            case 0:
                number, at = _varint(raw, at)
                yield tag >> 3, number
            case 1:
                yield tag >> 3, _fixed(raw, at, 8)
                at += 8
            case 2:
                size, at = _varint(raw, at)
                if at + size > len(raw):
                    raise ValueError("protobuf message is cut short")
                yield tag >> 3, raw[at : at + size]
                at += size
            case 5:
                yield tag >> 3, _fixed(raw, at, 4)
                at += 4
            case wire:
                raise ValueError(f"protobuf wire type {wire} is not known")


def _fixed(raw: bytes, at: int, size: int) -> int:
    if at + size > len(raw):
        raise ValueError("protobuf message is cut short")
    return int.from_bytes(raw[at : at + size], "little", signed=True)


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(raw):
        byte = raw[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
        shift += 7
    raise ValueError("protobuf message is cut short")


def _signed(value: Value) -> int:
    if isinstance(value, bytes):
        raise ValueError("protobuf message has octets where a number belongs")
    return value - (1 << 64) if value >= 1 << 63 else value


def _octets(value: Value) -> bytes:
    if isinstance(value, int):
        raise ValueError("protobuf message has a number where octets belong")
    return value
