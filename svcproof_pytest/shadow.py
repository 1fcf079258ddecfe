"""Another package called `harness`, which is imported in place of ours."""

import sys
from importlib.machinery import PathFinder
from pathlib import Path

OURS = Path(__file__).resolve().parents[1] / "harness"
OF_OURS_ALONE = Path("lab/proxy/stages.py")
"""Tells another copy of svcproof, such as a checkout, from somebody else's package."""


def is_imported() -> bool:
    """True if the `harness` that this process has imported is ours."""
    module = sys.modules.get("harness")
    return module is not None and is_ours(Path(getattr(module, "__file__", None) or "").parent)


def imported_instead() -> Path | None:
    """The file that `import harness` runs, where it is not ours."""
    if module := sys.modules.get("harness"):
        file = getattr(module, "__file__", None)
    else:
        spec = PathFinder.find_spec("harness")
        file = spec.origin if spec else None
    return Path(file) if file and not is_ours(Path(file).parent) else None


def is_ours(package: Path) -> bool:
    """True for the folder of svcproof's package."""
    return package.resolve() == OURS or (package / OF_OURS_ALONE).is_file()


def explained(other: Path) -> str:
    """The clash in one sentence, and what to do."""
    return (
        f"svcproof cannot be used here: its package `harness` has the name of another, {other}; rename that one, or "
        "run svcproof where it is not on Python's path"
    )
