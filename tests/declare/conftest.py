"""Declarations written for a test, and what is said against them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from harness.errors import UsageError


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], str]:
    """Write a declaration to a file, and return its path."""

    def written(text: str) -> str:
        path = tmp_path / "mine.yaml"
        path.write_text(text)
        return str(path)

    return written


@pytest.fixture
def problems() -> Callable[[Callable[[str], object], str], list[str]]:
    """Load a declaration that is refused, and return what is said, without the file's path."""

    def said(load: Callable[[str], object], path: str) -> list[str]:
        with pytest.raises(UsageError) as refused:
            load(path)
        return [line.removeprefix(path) for line in refused.value.problems]

    return said
