"""A machine without components: what a test does not put there is not there."""

from collections.abc import Callable
from pathlib import Path

import pytest

Program = Callable[[Path, str], Path]


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Leave PATH, cache and envtest's variables empty; returns the folder that is on PATH."""
    for name in ("KUBEBUILDER_ASSETS", "TEST_ASSET_KUBE_PROXY"):
        monkeypatch.delenv(name, raising=False)
    (on_path := tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(on_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return on_path


@pytest.fixture
def program() -> Program:
    """Write a program that answers everything with one line, at a path."""

    def written(path: Path, says: str) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\necho '{says}'\n")
        path.chmod(0o755)
        return path

    return written
