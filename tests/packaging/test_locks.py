"""The lock files: they hold what pyproject.toml asks for, and nothing of the machine they were made on."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

pytestmark = pytest.mark.programs

ROOT = Path(__file__).parents[2]
LOCKS = ("run", "dev")


def pinned(name: str) -> list[tuple[str, str]]:
    """Packages with their versions; one that a later Python has in another version is there twice."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    return re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", text, re.MULTILINE)


def locked(name: str) -> dict[str, str]:
    return dict(pinned(name))


def asked(name: str) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    words = [*project["project"]["dependencies"], *groups["build"], *(groups["dev"] if name == "dev" else ())]
    return [Requirement(word) for word in words if isinstance(word, str)]


@pytest.mark.parametrize("name", LOCKS)
def test_everything_that_is_asked_for_is_locked_at_a_version_that_fits(name: str) -> None:
    versions = locked(name)

    for requirement in asked(name):
        key = requirement.name.lower().replace("_", "-")
        assert key in versions, f"{key} is not locked: make lock"
        assert requirement.specifier.contains(versions[key]), f"{key} {versions[key]} does not fit: make lock"


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_has_a_digest_and_no_lock_names_a_host(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()

    assert len(pinned(name)) == len(re.findall(r"^\S+==.* \\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE))
    assert "://" not in text
    assert "--index-url" not in text
    assert "--find-links" not in text


def test_both_locks_agree() -> None:
    run, dev = locked("run"), locked("dev")

    assert {name: dev.get(name, run[name]) for name in run} == run
