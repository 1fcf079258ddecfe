"""What the API server answers, told as it is meant."""

import httpx2
import pytest

from svcproof.errors import Conflict, NotFound, ProbeError, Rejected
from svcproof.kubernetes.api.error_translation import translate_errors


@pytest.mark.parametrize(
    ("code", "error"),
    [(403, Rejected), (404, NotFound), (409, Conflict), (422, Rejected), (429, ProbeError), (503, ProbeError)],
)
def test_only_a_no_is_a_refusal_and_later_is_none(code: int, error: type[ProbeError]) -> None:
    answer = httpx2.Response(code, request=httpx2.Request("GET", "http://127.0.0.1/"), text="the reason")

    said = f"list Widget: the API server answered {code}: the reason"
    with pytest.raises(ProbeError, match=said) as told, translate_errors("list Widget"):
        answer.raise_for_status()

    assert type(told.value) is error
