"""An installation from the wheel, in a virtual environment of its own that shares this one's dependencies."""

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
OF_THE_CHECKOUT = ("svcproof", "_editable", "__editable", "pytest_randomly", "__pycache__")


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel of this tree."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(out)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    (path,) = out.glob("*.whl")
    return path


@pytest.fixture(scope="session")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of `python`, `pytest` and `svcproof` in an environment into which the wheel was installed."""
    place = tmp_path_factory.mktemp("env")
    dependencies = place / "dependencies"
    dependencies.mkdir()
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if not path.name.startswith(OF_THE_CHECKOUT):
            (dependencies / path.name).symlink_to(path)
    venv.create(place / "venv", with_pip=False, symlinks=True)
    (packages,) = (place / "venv/lib").glob("python3*/site-packages")
    (packages / "dependencies.pth").write_text(f"{dependencies}\n")
    with ZipFile(wheel) as archive:
        archive.extractall(packages)
    programs = place / "venv/bin"
    for name, module in (("pytest", "pytest"), ("svcproof", "svcproof.entry.command")):
        run = "from pytest import main" if name == "pytest" else f"from {module} import main"
        (programs / name).write_text(f"#!{programs / 'python'}\nimport sys\n{run}\nsys.exit(main())\n")
        (programs / name).chmod(0o755)
    return programs
