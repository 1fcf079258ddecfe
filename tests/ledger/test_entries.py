"""What a run notes is there for whoever clears up after it."""

import subprocess
import sys
from pathlib import Path

import pytest

from svcproof import ledger

BEGIN = "from svcproof import ledger; ledger.begin('kind', cluster='c').note(kept=True); import os; os._exit(9)"


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def test_an_entry_of_a_process_that_lives_is_not_abandoned() -> None:
    entry = ledger.begin("kind")

    assert ledger.abandoned("kind") == ()
    assert entry.directory.stat().st_mode & 0o777 == 0o700


def test_an_entry_of_a_process_that_was_killed_is_found_with_its_facts() -> None:
    subprocess.run((sys.executable, "-c", BEGIN), check=False)

    (found,) = ledger.abandoned("kind")
    assert found.facts == {"cluster": "c", "kept": True}
    assert ledger.abandoned("kubeconfig") == ()
    ledger.end(found)
    assert ledger.abandoned("kind") == ()
