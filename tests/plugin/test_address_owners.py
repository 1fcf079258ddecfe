import pytest

from svcproof.plugin.address_owners import with_owners

OWNERS = {"172.30.0.1": "node-a", "172.30.0.11": "node-b", "10.244.1.2": "client-node-a", "fd00::1": "node-a"}


@pytest.mark.parametrize(
    ("reason", "line"),
    [
        ("seen: 172.30.0.11 (3 probes)", "172.30.0.11 is node-b"),
        ("expected: 10.244.1.2\nseen: 172.30.0.1.", "10.244.1.2 is client-node-a, 172.30.0.1 is node-a"),
        ("outside-1 -> tcp 172.30.0.11:30001: dropped; tcp 172.30.0.11:30002", "172.30.0.11 is node-b"),
        ("client -> tcp [fd00::1]:80: dropped", "fd00::1 is node-a"),
    ],
)
def test_addresses_in_a_reason_are_named(reason: str, line: str) -> None:
    assert with_owners(reason, OWNERS) == f"{reason}\n{line}"


@pytest.mark.parametrize("reason", ["", "172.30.0.111", "1172.30.0.1", "fd00::1:5", "db-0 after 0.01 s"])
def test_other_text_is_left_alone(reason: str) -> None:
    assert with_owners(reason, OWNERS) == reason
