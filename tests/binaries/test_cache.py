"""A component is run from the cache only where nobody else could have put it there, and where it is whole."""

import os
import sys
from pathlib import Path

import pytest

from svcproof.binaries import find, look
from svcproof.binaries.cache import cache
from svcproof.disk import UntrustedError
from svcproof.errors import ProvisionError
from tests.binaries.conftest import Program

FIND = sys.modules["svcproof.binaries.find"]
"""The module, whose name in its package is the function's."""
SAYS = "Kubernetes v1.33.13"


@pytest.fixture
def cached(program: Program) -> Path:
    return program(cache() / "kube-proxy-1.33.13" / "kube-proxy", SAYS)


@pytest.mark.parametrize("which", ["cache", "folder", "program"])
@pytest.mark.parametrize("how", ["written by others", "of another user", "a link"])
def test_what_another_user_could_have_put_there_is_not_run(cached: Path, which: str, how: str, tmp_path: Path) -> None:
    path = {"cache": cached.parent.parent, "folder": cached.parent, "program": cached}[which]
    match how:
        case "written by others":
            path.chmod(0o777)
        case "of another user":
            if os.getuid():
                pytest.skip("makes a file of another user, which takes root")
            os.chown(path, 65534, 65534)
        case _:
            path.rename(tmp_path / "elsewhere")
            path.symlink_to(tmp_path / "elsewhere")

    for use in (look, find):
        with pytest.raises(UntrustedError, match="remove it"):
            use("kube-proxy", "1.33.13")


def test_what_a_power_cut_has_left_empty_is_obtained_again(cached: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cached.write_text("")
    monkeypatch.setattr(FIND, "download", lambda *_: pytest.fail("obtained"))

    assert look("kube-proxy", "1.33.13") is None
    with pytest.raises(pytest.fail.Exception, match="obtained"):
        find("kube-proxy", "1.33.13")


def test_what_is_obtained_is_on_the_disk_before_it_has_its_name(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def watched_fsync(descriptor: int) -> None:
        steps.append("synced")
        fsync(descriptor)

    def watched_replace(path: Path, target: Path) -> Path:
        steps.append("named")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(Path, "replace", watched_replace)
    monkeypatch.setattr(FIND, "download", lambda component, version, scratch, tell: program(scratch / "made", SAYS))

    find("kube-proxy", "1.33.13")

    assert steps == ["synced", "named", "synced"]


def test_a_cache_of_another_user_is_refused_for_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    cache().mkdir(parents=True)
    cache().chmod(0o777)

    with pytest.raises(ProvisionError, match="set XDG_CACHE_HOME"):
        find("kube-proxy", "1.33.13")
