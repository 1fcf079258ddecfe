"""svcproof installed beside a project whose own packages have the names of svcproof's."""

import os
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.programs

WAYS = (("python", "-m", "pytest"), ("pytest",))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("harness", "suites", "fixtures"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("NAME = 'mine'\n")
        (tmp_path / f"tests/test_{name}.py").parent.mkdir(exist_ok=True)
        (tmp_path / f"tests/test_{name}.py").write_text(
            f"from {name} import NAME\n\ndef test_name():\n    assert NAME == 'mine'  # a behaviour\n"
        )
    (tmp_path / "conftest.py").touch()
    return tmp_path


def run(programs: Path, cwd: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [programs / words[0], *words[1:]]
    return subprocess.run(command, cwd=cwd, env=os.environ | variables, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
@pytest.mark.parametrize("more", [(), ("-n", "2"), ("--help",)], ids=" ".join)
def test_a_project_has_its_own_packages_of_these_names(
    programs: Path, project: Path, way: tuple[str, ...], more: tuple[str, ...]
) -> None:
    ended = run(programs, project, *way, *more)

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "3 passed" in ended.stdout or more == ("--help",)


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_an_option_of_ours_is_known_beside_them(programs: Path, project: Path, way: tuple[str, ...]) -> None:
    ended = run(programs, project, *way, "--svcproof-proxy", "reference")

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "3 passed" in ended.stdout


def test_the_installed_suites_are_collected_by_their_name_beside_them(programs: Path, project: Path) -> None:
    ended = run(programs, project, "pytest", "--pyargs", "svcproof.suites", "--collect-only", "-q")

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "test_cluster_ip_reaches_a_backend" in ended.stdout


def test_the_command_works_where_the_project_is_on_pythons_path(programs: Path, project: Path) -> None:
    listed = run(programs, project, "svcproof", "list", PYTHONPATH=str(project))

    assert listed.returncode == 0, listed.stderr


def test_a_session_without_use_for_it_imports_nothing_of_it(programs: Path, tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "import sys\n\n"
        "def test_it():\n"
        "    loaded = [name for name in sys.modules if name.startswith('svcproof.')]\n"
        "    assert not [name for name in loaded if not name.startswith('svcproof.entry')]\n"
    )

    ended = run(programs, tmp_path, "pytest")

    assert ended.returncode == 0, ended.stdout
    assert {path.name for path in tmp_path.iterdir()} <= {"test_it.py", "__pycache__", ".pytest_cache"}
