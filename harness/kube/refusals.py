"""From lightkube's and httpx's errors to ours."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import msgspec
from lightkube.core.exceptions import ApiError

from harness.errors import Conflict, NotFound, ProbeError, Rejected

BY_CODE = {404: NotFound, 409: Conflict}


@contextmanager
def attempting(what: str) -> Iterator[None]:
    """Raise Rejected where the API server says no (4xx), ProbeError where it cannot answer or be reached."""
    try:
        yield
    except ApiError as refusal:
        code, message = refusal.status.code or 0, refusal.status.message or ""
        said = f"{what}: the API server answered {code} {refusal.status.reason or ''}: {message}"
        if 400 <= code < 500:
            raise BY_CODE.get(code, Rejected)(said, code=code, message=message) from refusal
        raise ProbeError(said) from refusal
    except httpx2.HTTPStatusError as refusal:
        raise ProbeError(f"{what}: the API server answered {refusal.response.status_code}") from refusal
    except httpx2.HTTPError as trouble:
        raise ProbeError(f"{what}: the API server did not answer: {type(trouble).__name__}: {trouble}") from trouble
    except msgspec.DecodeError as trouble:
        raise ProbeError(f"{what}: the API server's answer cannot be read: {trouble}") from trouble
