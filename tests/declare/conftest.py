"""Declarations written for a test, and what is said against them."""

from collections.abc import Callable

import pytest

from svcproof.errors import UsageError


@pytest.fixture
def problems() -> Callable[[Callable[[str], object], str], list[str]]:
    """Load a declaration that is refused, and return what is said, without the file's path."""

    def said(load: Callable[[str], object], path: str) -> list[str]:
        with pytest.raises(UsageError) as refused:
            load(path)
        return [line.removeprefix(path) for line in refused.value.problems]

    return said
