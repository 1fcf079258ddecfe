"""From lightkube's and httpx's errors to ours."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import msgspec
from httpx2.websockets import HTTPXWSException, WebSocketUpgradeError
from lightkube.core import decoders
from lightkube.core.exceptions import ApiError, ConfigError

from svcproof.errors import Conflict, NotFound, ProbeError, Rejected

BY_CODE = {404: NotFound, 409: Conflict}
TOO_MANY_REQUESTS = 429
"""Means later: the server is busy, or has not made ready yet what it stores a new kind in."""


@contextmanager
def attempting(what: str) -> Iterator[None]:
    """Raise Rejected where the API server says no (4xx), ProbeError where it cannot answer or be reached."""
    try:
        yield
    except (httpx2.HTTPStatusError, WebSocketUpgradeError) as refusal:
        code, message = _refused(refusal)
        said = f"{what}: the API server answered {code}: {message}"
        if 400 <= code < 500 and code != TOO_MANY_REQUESTS:
            raise BY_CODE.get(code, Rejected)(said, code=code, message=message) from refusal
        raise ProbeError(said) from refusal
    except TimeoutError as trouble:
        raise ProbeError(f"{what}: it had not ended when the time was over") from trouble
    except (httpx2.HTTPError, HTTPXWSException) as trouble:
        raise ProbeError(f"{what}: the API server did not answer: {type(trouble).__name__}: {trouble}") from trouble
    except ConfigError as trouble:
        raise ProbeError(f"{what}: the credentials of the kubeconfig cannot be had: {trouble}") from trouble
    except msgspec.DecodeError as trouble:
        raise ProbeError(f"{what}: the API server's answer cannot be read: {trouble}") from trouble


def _refused(refusal: httpx2.HTTPStatusError | WebSocketUpgradeError) -> tuple[int, str]:
    """Return the code and the message of a Status object, or of whatever stands in its place."""
    if isinstance(refusal, WebSocketUpgradeError):
        return refusal.response.status_code, refusal.response.reason_phrase
    if isinstance(refusal, ApiError) and refusal.status is not None:
        return refusal.status.code or 0, refusal.status.message or ""
    response = refusal.response
    response.read()
    try:
        return response.status_code, decoders.decode_status(response.content).message or response.text
    except msgspec.DecodeError:
        return response.status_code, response.text
