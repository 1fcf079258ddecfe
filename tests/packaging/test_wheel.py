"""The wheel: what an installation without a checkout has."""

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from zipfile import ZipFile

import pytest

pytestmark = pytest.mark.programs

ROOT = Path(__file__).parents[2]
MAIN = "from svcproof.entry.command import main; main()"


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack the wheel, as an installer does."""
    target = tmp_path_factory.mktemp("site")
    with ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


def svcproof(installed: Path, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    command = [sys.executable, "-c", MAIN, *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def test_it_carries_declarations_suites_and_the_agent_in_one_package(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = archive.namelist()

    assert "svcproof/fixtures/clusters/lab.yaml" in names
    assert "svcproof/fixtures/workloads/frontend.yaml" in names
    assert "svcproof/suites/__init__.py" in names
    assert "svcproof/agent/pod/__main__.py" in names
    tops = {name.split("/")[0].split("-")[0] for name in names}
    assert tops == {"svcproof"}


def test_it_carries_every_file_of_the_package(wheel: Path) -> None:
    there = {
        str(path.relative_to(ROOT / "harness"))
        for path in (ROOT / "harness").rglob("*")
        if path.is_file() and path.suffix != ".pyc" and not path.name.startswith(".")
    }

    with ZipFile(wheel) as archive:
        assert there <= set(archive.namelist())


def test_the_proxies_of_the_examples_can_be_run_from_it(wheel: Path) -> None:
    """A matrix of ours names them; programs keep their mode only where the archive has it."""
    with ZipFile(wheel) as archive:
        modes = {entry.filename: entry.external_attr >> 16 for entry in archive.infolist()}

    for program in ("my-proxy/my-proxy", "userspace-proxy/proxy.py"):
        assert modes[f"svcproof/examples/{program}"] & 0o111, program


def test_its_matrices_find_the_proxies_that_they_name(installed: Path, tmp_path: Path) -> None:
    for program in installed.glob("svcproof/examples/*/*"):
        program.chmod(0o755)  # An installer keeps the modes of an archive; unpacking alone does not.

    planned = svcproof(installed, tmp_path, "matrix", "service-proxies", "--dry-run", "--results", "out")

    assert planned.returncode in (0, 3), planned.stdout + planned.stderr
    assert "\nmy-proxy: to be run" in planned.stdout


def test_it_lists_the_same_behaviours_as_the_checkout(installed: Path, tmp_path: Path) -> None:
    here = subprocess.run(
        [sys.executable, "-c", MAIN, "list", "--json"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    listed = svcproof(installed, tmp_path, "list", "--json")

    assert listed.returncode == 0, listed.stderr
    assert len(json.loads(listed.stdout)) > 0
    assert json.loads(listed.stdout) == json.loads(here.stdout)


def test_it_finds_its_declarations_and_not_those_of_the_folder_it_runs_in(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "fixtures/clusters").mkdir(parents=True)
    (tmp_path / "fixtures/clusters/mine.yaml").write_text("provider: lab\n")

    refused = svcproof(installed, tmp_path, "run", "--cluster", "mine")

    assert refused.returncode == 4
    assert "unknown cluster 'mine'" in refused.stderr


def test_it_collects_its_checks_where_no_checkout_is_importable(installed: Path, tmp_path: Path) -> None:
    packages = sysconfig.get_path("purelib")
    command = [sys.executable, "-S", "-c", MAIN, "run", "--cluster", "kubeconfig", "--results", str(tmp_path / "out")]
    environment = {"PYTHONPATH": f"{installed}{os.pathsep}{packages}", "KUBECONFIG": str(tmp_path / "none")}

    ended = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert ended.returncode == 4
    assert f"there is no kubeconfig at {tmp_path / 'none'}" in ended.stdout
