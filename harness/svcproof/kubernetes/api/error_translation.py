"""The translation of lightkube's and httpx's errors to ours."""

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
"""Asks to try again later: the server is busy, or has not yet made ready what it stores a new kind in."""


@contextmanager
def translate_errors(attempt: str) -> Iterator[None]:
    """Raise Rejected if the API server says no (4xx), ProbeError if it cannot answer or be reached."""
    try:
        yield
    except (httpx2.HTTPStatusError, WebSocketUpgradeError) as refusal:
        code, message = _code_and_message(refusal)
        problem = f"{attempt}: the API server answered {code}: {message}"
        if 400 <= code < 500 and code != TOO_MANY_REQUESTS:
            raise BY_CODE.get(code, Rejected)(problem, code=code, message=message) from refusal
        raise ProbeError(problem) from refusal
    except TimeoutError as error:
        raise ProbeError(f"{attempt}: it did not end in time") from error
    except (httpx2.HTTPError, HTTPXWSException) as error:
        raise ProbeError(f"{attempt}: the API server did not answer: {type(error).__name__}: {error}") from error
    except ConfigError as error:
        raise ProbeError(f"{attempt}: the credentials of the kubeconfig cannot be had: {error}") from error
    except msgspec.DecodeError as error:
        raise ProbeError(f"{attempt}: the API server's answer cannot be read: {error}") from error


def _code_and_message(refusal: httpx2.HTTPStatusError | WebSocketUpgradeError) -> tuple[int, str]:
    """The code and the message of a Status object, or of the answer in its place."""
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
