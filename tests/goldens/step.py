"""What is asked of a server, one request at a time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One request, and what later ones need of its answer.

    `NS` in path and body is the scenario's namespace, `{{name}}` what an earlier step took. `take` maps names to
    dotted paths in the answer. With `lines`, the request is a watch of which so many lines are read, `during` is
    done after the first `before` of them.
    """

    name: str
    path: str
    method: str = "GET"
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    take: Mapping[str, str] = field(default_factory=dict)
    lines: int = 0
    before: int = 0
    during: tuple["Step", ...] = ()


def get(name: str, path: str, **more: Any) -> Step:
    """A GET."""
    return Step(name=name, path=path, **more)


def post(name: str, path: str, body: Any, **more: Any) -> Step:
    """A POST of JSON, or of bytes whose type is given in `headers`."""
    return Step(name=name, path=path, method="POST", body=body, **more)


def put(name: str, path: str, body: Any, **more: Any) -> Step:
    """A PUT."""
    return Step(name=name, path=path, method="PUT", body=body, **more)


def delete(name: str, path: str, body: Any = None, **more: Any) -> Step:
    """A DELETE."""
    return Step(name=name, path=path, method="DELETE", body=body, **more)


def patch(name: str, path: str, kind: str, body: Any, **more: Any) -> Step:
    """A PATCH of kind json, merge, strategic-merge or apply."""
    media = "application/apply-patch+yaml" if kind == "apply" else f"application/{kind}-patch+json"
    return Step(name=name, path=path, method="PATCH", body=body, headers={"Content-Type": media}, **more)
