"""The places of declarations and suites: beside the package in a checkout, inside it once installed."""

from pathlib import Path

import svcproof

KINDS = ("clusters", "proxies", "matrices")
BUILTIN = "builtin"
"""The word of --suite for the suites that svcproof brings."""


def fixtures_dir() -> Path:
    """Return the folder that holds clusters/, proxies/ and workloads/."""
    return _folder("fixtures")


def suites_dir() -> Path:
    """Return the folder that holds the checks, one folder per area."""
    return _folder("suites")


def names(kind: str) -> tuple[str, ...]:
    """Return the names declared in fixtures/, of kind `clusters`, `proxies` or `matrices`, sorted."""
    return tuple(sorted(path.stem for path in (fixtures_dir() / kind).glob("*.yaml")))


def _folder(name: str) -> Path:
    package = Path(next(iter(svcproof.__path__))).resolve()
    inside = package / name
    return inside if inside.is_dir() else package.parents[1] / name
