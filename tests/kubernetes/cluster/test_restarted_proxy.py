"""A pod of the proxy that was restarted while a check was made: what that refutes says nothing."""

from datetime import datetime

from svcproof.kubernetes.cluster.health import restarted

STATUS = {
    "ready": True,
    "state": {"running": {"startedAt": "2026-01-01T10:00:05Z"}},
    "lastState": {"terminated": {"reason": "OOMKilled", "exitCode": 137}},
}


def test_a_container_that_began_after_the_check_was_restarted() -> None:
    why = restarted(STATUS, datetime.fromisoformat("2026-01-01T10:00:00Z"))

    assert why == "was started again at 2026-01-01T10:00:05Z (OOMKilled, exit code 137)"


def test_a_container_that_began_before_the_check_was_not() -> None:
    assert restarted(STATUS, datetime.fromisoformat("2026-01-01T10:01:00Z")) == ""
