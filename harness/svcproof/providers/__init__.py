"""The ways to get a cluster: each module here is a provider, found by its file's name."""

import pkgutil
from importlib import import_module
from typing import cast

from svcproof.errors import UsageError, near
from svcproof.model.cluster import Provider


def names() -> tuple[str, ...]:
    """The names of all providers, sorted."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


def find(name: str) -> Provider:
    """Return the provider of this name; raises UsageError where there is none."""
    if name not in names():
        raise UsageError(f"no provider {name!r}{near(name, names())}")
    return cast(Provider, import_module(f"{__name__}.{name}"))
