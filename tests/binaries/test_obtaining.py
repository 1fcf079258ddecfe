"""Obtaining a component with a stand-in for Go: once, whole or not at all, and ended when interrupted."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.binaries.find import cache

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
import harness.binaries.release
harness.binaries.release.SITE = "http://127.0.0.1:9"
from harness.binaries import find
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


@pytest.mark.parametrize("by", [signal.SIGINT])
def test_an_interrupted_build_ends_go_and_leaves_nothing_half_made(
    tally: Path, monkeypatch: pytest.MonkeyPatch, by: signal.Signals
) -> None:
    monkeypatch.setenv("TAKES", "60")
    with start() as run:
        deadline = time.monotonic() + 30
        while not (tally.exists() and tally.read_text().strip()) and time.monotonic() < deadline:
            time.sleep(0.02)
        run.send_signal(by)
        run.communicate(timeout=30)
    go = int(tally.read_text())

    with pytest.raises(ProcessLookupError):
        os.kill(go, 0)
    assert leftovers() == ["lock"]
