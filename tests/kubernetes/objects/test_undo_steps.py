"""What was made is taken away as far as can be."""

import pytest

from svcproof.errors import ProbeError, ProvisionError
from svcproof.kubernetes.objects.apply import undo_all


def fails(why: str) -> object:
    raise ProbeError(why)


def test_every_step_is_taken_and_all_failures_are_told_with_what_to_do() -> None:
    done: list[str] = []

    with pytest.raises(ProvisionError) as told:
        undo_all(
            (
                ("first", lambda: fails("the server is gone")),
                ("second", lambda: done.append("second")),
                ("third", lambda: undo_all([("inner", lambda: fails("refused"))], done.append)),
            ),
            done.append,
        )

    assert done == ["first", "second", "second", "third", "inner"]
    assert str(told.value).splitlines() == [
        "not everything could be put back:",
        "first: the server is gone",
        "third: not everything could be put back:",
        "inner: refused",
        "Once the reason is gone, this puts it back: svcproof clean",
    ]


def test_nothing_is_told_where_nothing_failed() -> None:
    undo_all([("only", lambda: None)], lambda _: None)
