"""Mistakes of the user, as pytest prints them."""

from collections.abc import Iterable

import pytest

from svcproof.printable import printable


def refusal(problems: Iterable[str]) -> pytest.UsageError:
    """An error that ends pytest with these lines; it prints them as they are, whatever a terminal would obey."""
    return pytest.UsageError(*map(printable, problems))
