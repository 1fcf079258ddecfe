"""The facts that a run has noted of its cluster, as far as its entry in the ledger can be read."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from svcproof.ledger import Entry


class Facts(BaseModel, frozen=True):
    """The facts of a run on a cluster that exists; the server is empty until something has begun to be made."""

    server: str = ""
    namespaces: tuple[str, ...] = ()
    metallb: bool = False
    proxy: bool = False
    agent: dict[str, Any] | None = None


Noted = TypeVar("Noted", bound=BaseModel)


def read(entry: Entry, kind: type[Noted]) -> tuple[Noted, str]:
    """Return the facts, and why they cannot be read, in which case nothing is known; empty where they can."""
    if oddity := entry.oddity:
        return kind(), oddity
    try:
        return kind.model_validate(dict(entry.facts)), ""
    except ValidationError as error:
        problem = error.errors()[0]
        return kind(), f"its record has an odd {'.'.join(map(str, problem['loc']))}: {problem['msg']}"
