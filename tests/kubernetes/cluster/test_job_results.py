"""The files of a run inside a cluster: a Job's in a ConfigMap, a plugin's in an archive for Sonobuoy."""

import base64
import gzip
import random
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

from svcproof.errors import ProvisionError
from svcproof.kubernetes.cluster import job
from svcproof.kubernetes.cluster.job_results import MOST, packed, store
from svcproof.report import files, runfile

EVERY = (runfile.NAME, *files.FILES)
NOISE = random.Random(1).randbytes(2 << 20)


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """What a run leaves: its files, and the folder of its evidence."""
    for name in EVERY:
        (tmp_path / name).write_text(f"the {name}")
    (tmp_path / "evidence").mkdir()
    return tmp_path


class Recorder:
    """A cluster that notes what is made in it."""

    def __init__(self) -> None:
        self.made: dict[str, Any] = {}

    def delete(self, *_: str, missing_ok: bool) -> None:
        assert missing_ok

    def create(self, manifest: dict[str, Any]) -> None:
        self.made = manifest


def test_every_file_that_a_run_leaves_is_kept(results: Path) -> None:
    kept = packed(results)

    assert {name.removesuffix(".gz") for name in kept.files} == set(EVERY)
    for name in EVERY:
        assert gzip.decompress(base64.b64decode(kept.files[f"{name}.gz"])) == f"the {name}".encode()
    assert kept.words == ""


def test_a_file_that_there_is_no_room_for_is_named_and_the_others_are_kept(results: Path) -> None:
    (results / "large.html").write_bytes(NOISE)
    cluster = Recorder()

    store(cluster, "namespace", "name", packed(results))  # type: ignore[arg-type]

    assert {name.removesuffix(".gz") for name in cluster.made["binaryData"]} == set(EVERY)
    words = cluster.made["data"]["left-out"]
    assert words.startswith("too large for a ConfigMap, and not kept: large.html; svcproof report makes them again")


def test_the_run_file_goes_before_what_can_be_made_from_it(results: Path) -> None:
    (results / runfile.NAME).write_bytes(NOISE[: MOST * 9 // 10])
    (results / "report.md").write_bytes(NOISE[: MOST // 5])

    kept = packed(results)

    assert f"{runfile.NAME}.gz" in kept.files
    assert kept.left_out == ("report.md",)
    assert sum(len(base64.b64decode(content)) for content in kept.files.values()) + len(kept.words) <= MOST


def test_a_run_file_that_there_is_no_room_for_is_told_with_the_remedy(results: Path) -> None:
    (results / runfile.NAME).write_bytes(NOISE)

    with pytest.raises(ProvisionError, match="--pvc"):
        packed(results)


def test_a_run_that_never_began_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProvisionError, match=r"there is no run\.jsonl in .*: no run began"):
        packed(tmp_path)


@pytest.mark.programs
@pytest.mark.parametrize("began", [True, False])
def test_sonobuoy_gets_all_of_it_in_one_archive_or_an_empty_one(tmp_path: Path, began: bool) -> None:
    """By the script of the plugin, in which a folder of its own is in the place of Sonobuoy's."""
    place = tmp_path / "sonobuoy"
    place.mkdir()
    make = f"mkdir {place}/run && cd {place}/run && touch {' '.join(EVERY)}" if began else "true"
    (tmp_path / "svcproof").write_text(f"#!/bin/sh\n{make}\nexit 3\n")
    (tmp_path / "svcproof").chmod(0o755)
    plugin = job.sonobuoy_plugin("mine:1", ())
    script = plugin["spec"]["command"][-1].replace(job.SONOBUOY_RESULTS, str(place))

    ended = subprocess.run(
        ("/bin/sh", "-c", script), env={"PATH": f"{tmp_path}:{Path(sys.executable).parent}:/usr/bin:/bin"}, check=False
    )

    archive = Path((place / "done").read_text())
    with tarfile.open(archive) as opened:
        names = {Path(name).name for name in opened.getnames()}
    assert ended.returncode == 3
    assert names == ({"run", *EVERY} if began else {"run"})
    assert plugin["sonobuoy-config"]["result-files"] == ["junit.xml"]
