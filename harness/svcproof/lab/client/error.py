"""The error for an answer of the API server that refuses a request."""

from typing import Any

from svcproof.errors import SvcproofError


class ApiError(SvcproofError):
    """The API server answered a request with an error.

    `status` is the HTTP status, `reason` the machine-readable word of the Status object (NotFound, AlreadyExists,
    Conflict, Invalid, ...), `message` its sentence.
    """

    def __init__(self, status: int, reason: str, message: str, request: str = "") -> None:
        self.status = status
        self.reason = reason
        self.message = message
        super().__init__(f"{request or 'request'}: the API server answered {status} {reason}: {message}")

    @classmethod
    def of(cls, status: int, body: Any, request: str = "") -> "ApiError":
        """Read the error from the body of an answer: a Status object, or the text of a proxy in between."""
        if isinstance(body, dict) and body.get("kind") == "Status":
            return cls(body.get("code") or status, body.get("reason") or "", body.get("message") or "", request)
        return cls(status, "", str(body)[:500], request)

    @property
    def not_found(self) -> bool:
        """There is no such object."""
        return self.status == 404

    @property
    def conflict(self) -> bool:
        """The object was changed meanwhile, or exists already."""
        return self.status == 409
