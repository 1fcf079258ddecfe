"""A check that does not end in time says where it hangs, and what it probed last."""

from collections.abc import Callable

import pytest

pytestmark = pytest.mark.timeout(60)

CHECK = """
import time
def helper():
    time.sleep(30)
@behaviour(level=MUST, **claim)
def test_it(probe):
    \"\"\"Holds.\"\"\"
    probe()
    {body}
"""
Facts = Callable[..., dict[str, dict[str, object]]]


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        ("helper()", ("it hangs at test_checks.py:", "in helper: time.sleep(30)", "in test_it: helper()")),
        ("eventually(helper, bool, within=1)", ("in helper: time.sleep(30)", "svcproof/wait/waiting.py:")),
        (
            "try: helper()\n    except Exception: pass\n    finally: time.sleep(31)",
            ("in helper: time.sleep(30)", "it did not end then either", "time.sleep(31)"),
        ),
    ],
    ids=["helper", "wait", "also when it should end"],
)
def test_stack_of_suites_and_harness_and_last_probe(facts: Facts, body: str, parts: tuple[str, ...]) -> None:
    fact = facts(CHECK.format(body=body), "--timeout=1", "-o", "timeout_func_only=true")["it"]

    reason = str(fact["reason"])
    assert fact["finding"] == "broke"
    assert reason.startswith("the check did not end within 1 s; it hangs at test_checks.py:")
    assert all(part in reason for part in parts), reason
    assert "s before: client -> http 10.96.0.9:80/: status 200" in reason
    assert "site-packages" not in reason


def test_a_fixture_that_hangs_is_named_too(facts: Facts) -> None:
    fixture = "import time\n@pytest.fixture\ndef slow():\n    time.sleep(30)\n"
    check = '@behaviour(level=MUST, **claim)\ndef test_it(slow):\n    """Holds."""\n'

    reason = str(facts(fixture + check, "--timeout=1")["it"]["reason"])

    assert "in slow: time.sleep(30)" in reason
    assert "it had made no probe" in reason
