"""Obtaining a component with a stand-in for Go: once, whole or not at all, and ended when interrupted."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from svcproof.binaries.cache import cache

Program = Callable[[Path, str], Path]

GO = """\
#!/bin/sh
case $1 in
    version) echo "go version go1.26.0 linux/amd64"; exit;;
    mod) echo 'module k8s.io/kubernetes' > source.mod; echo "{\\"GoMod\\": \\"$PWD/source.mod\\"}"; exit;;
esac
echo $$ >> "$TALLY"
/bin/sleep "$TAKES"
for word; do case $word in -o=*) target=${word#-o=};; esac; done
printf '#!/bin/sh\\necho Kubernetes v1.33.13\\n' > "$target"
/bin/chmod +x "$target"
"""
FIND = """
import svcproof.binaries.release
svcproof.binaries.release.SITE = "http://127.0.0.1:9"
from svcproof.binaries import find
print(find("kube-proxy", "1.33.13").how.name)
"""


@pytest.fixture
def tally(bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for Go on PATH; returns the file in which it notes its process id at every build."""
    (bare / "go").write_text(GO)
    (bare / "go").chmod(0o755)
    monkeypatch.setenv("TALLY", str(tmp_path / "tally"))
    monkeypatch.setenv("TAKES", "0.3")
    return tmp_path / "tally"


def start() -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", FIND], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def leftovers() -> list[str]:
    return sorted(path.name for path in (cache() / "kube-proxy-1.33.13").iterdir())


def test_runs_side_by_side_build_once(tally: Path) -> None:
    runs = [start() for _ in range(3)]
    said = sorted(run.communicate(timeout=60)[0].strip() for run in runs)

    assert said == ["BUILT", "CACHE", "CACHE"]
    assert len(tally.read_text().split()) == 1
    assert leftovers() == ["kube-proxy", "lock"]


def stopped_while_it_builds(tally: Path, by: signal.Signals) -> int:
    """Have a run build, end it, and return the process id of its Go."""
    with start() as run:
        deadline = time.monotonic() + 30
        while not (tally.exists() and tally.read_text().strip()) and time.monotonic() < deadline:
            time.sleep(0.02)
        run.send_signal(by)
        run.communicate(timeout=30)
    return int(tally.read_text())


def test_an_interrupted_build_ends_go_and_leaves_nothing_half_made(
    tally: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAKES", "60")

    go = stopped_while_it_builds(tally, signal.SIGINT)

    with pytest.raises(ProcessLookupError):
        os.kill(go, 0)
    assert leftovers() == ["lock"]


def test_what_a_killed_build_leaves_is_gone_with_the_next(tally: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAKES", "60")
    go = stopped_while_it_builds(tally, signal.SIGKILL)
    os.killpg(go, signal.SIGKILL)
    assert [name.split("-")[0] for name in leftovers()] == ["lock", "new"]
    monkeypatch.setenv("TAKES", "0")

    said = start().communicate(timeout=60)[0].strip()

    assert said == "BUILT"
    assert leftovers() == ["kube-proxy", "lock"]
