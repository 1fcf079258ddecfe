"""A check that suffers while a lab's processes do not get to run, and is tried once more when they do."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from svcproof.model.fact import Finding
from svcproof.model.verdict import Ruling
from svcproof.report import runfile

pytestmark = [pytest.mark.lab, pytest.mark.starving, pytest.mark.timeout(300)]

CHECK = '''
"""Answers that come soon."""
import time
from pathlib import Path

from svcproof import MUST, PROXY, answered, behaviour, eventually

TRIES = Path(__file__).parent / "tries"


@behaviour(spec="https://example.org/clause", level=MUST, by=PROXY, because="A client is answered soon.")
def test_answers_come_soon(echo, client):
    """Ten connections to a ClusterIP, one after the other, are answered within a second."""
    target = echo.service().at_cluster_ip()
    eventually(lambda: client.tcp(target), answered)

    with TRIES.open("a") as tries:
        tries.write("one ")
    while not (TRIES.parent / "burning").exists():
        time.sleep(0.02)
    time.sleep(0.5)
    began = time.monotonic()
    for _ in range(10):
        client.tcp(target)
    seconds = time.monotonic() - began
    with TRIES.open("a") as tries:
        tries.write("over ")

    assert seconds < 1
'''
SVCPROOF = ["nice", "-n", "19", sys.executable, "-m", "svcproof", "run", "--cluster", "lab", "--proxy", "reference"]
BURNER = ["timeout", "60", "sh", "-c", "while :; do :; done"]
FOR_EACH_CPU = 16


@contextmanager
def burners(count: int) -> Iterator[None]:
    """Keep all CPUs busy with so many processes, which come before the run, that is nice; they end in a minute.

    They are of its session, since a kernel may share its CPUs out among sessions first: sched_autogroup, in sched(7).
    """
    started = [subprocess.Popen(BURNER) for _ in range(count)]
    try:
        yield
    finally:
        for process in started:
            process.terminate()
            process.wait()


def tries(folder: Path) -> list[str]:
    file = folder / "tries"
    return file.read_text().split() if file.exists() else []


def await_tries(folder: Path, expected: list[str], run: "subprocess.Popen[str]") -> None:
    until = time.monotonic() + 100
    while tries(folder) != expected:
        assert run.poll() is None, run.communicate()
        assert time.monotonic() < until, tries(folder)
        time.sleep(0.02)


def test_what_suffers_from_others_is_tried_again_and_is_no_failure_of_the_proxy(tmp_path: Path) -> None:
    (tmp_path / "test_soon.py").write_text(CHECK)
    results = tmp_path / "results"
    words = [*SVCPROOF, "--suite", str(tmp_path), "--results", str(results)]

    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as run:
        await_tries(tmp_path, ["one"], run)
        with burners(FOR_EACH_CPU * (os.cpu_count() or 1)):
            (tmp_path / "burning").touch()
            await_tries(tmp_path, ["one", "over"], run)
        said, _ = run.communicate(timeout=200)

    done = runfile.load(results)
    first, again = done.facts
    (verdict,) = done.verdicts()
    assert first.machine is not None
    assert (first.finding, first.machine.starved, first.retry) == (Finding.REFUTED, True, False), said
    assert again.retry
    assert tries(tmp_path) == ["one", "over"] * 2
    assert first.machine.proxy is not None
    assert first.machine.proxy < 0.5
    assert verdict.ruling is Ruling.ERROR, said
    assert verdict.reason.startswith(f"the machine was starved: {first.machine}; ")
    assert run.returncode == 3
