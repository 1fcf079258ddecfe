"""Bodies in protobuf, whole and broken."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcproof.lab.apiserver.schema import protobuf
from tests.goldens.scenarios.protobuf import BODIES

SERVICE = base64.b64decode(BODIES["services 2"]["body"])


def test_a_service_is_read_with_all_that_stands_in_it() -> None:
    api_version, kind, raw = protobuf.envelope(SERVICE)
    spec = protobuf.decode("core.Service", raw)["spec"]

    assert (api_version, kind) == ("v1", "Service")
    assert spec["type"] == "NodePort"
    assert spec["ports"] == [{"name": "80", "protocol": "TCP", "port": 80, "targetPort": 80, "nodePort": 30111}]


def test_another_message_is_refused() -> None:
    with pytest.raises(ValueError, match="does not appear to be a protobuf message"):
        protobuf.envelope(b"{}")


@given(at=st.integers(4, len(SERVICE) - 1), replaced=st.binary(max_size=6), length=st.integers(0, 6))
def test_a_broken_message_is_a_value_error_at_most(at: int, replaced: bytes, length: int) -> None:
    broken = SERVICE[:at] + replaced + SERVICE[at + length :]
    decoded: object = None
    try:
        decoded = protobuf.decode("core.Service", protobuf.envelope(broken)[2])
    except (ValueError, OverflowError):
        decoded = {}

    assert isinstance(decoded, dict)
