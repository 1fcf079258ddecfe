"""`--pause-on-failure`: what a check made is there until somebody has looked, and the pause costs the check nothing."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from svcproof.report import runfile

pytestmark = [pytest.mark.programs, pytest.mark.timeout(150)]

SVCPROOF = [sys.executable, "-c", "from svcproof.entry.command import main; main()"]
PROMPT = "Enter goes on, Ctrl-C ends the run: "
PAUSE = 3.0
SUITE = """
from svcproof import *
claim = dict(spec="https://example.org/clause", by=PROXY)

@behaviour(level=MUST, **claim)
def test_one(echo, client):
    \"\"\"One.\"\"\"
    eventually(lambda: client.tcp(echo.service().at_cluster_ip()), answered)
    assert not 1

@behaviour(level=MUST, **claim)
def test_two(echo):
    \"\"\"Two.\"\"\"
    assert not 1

@behaviour(level=MUST, **claim)
def test_three(echo):
    \"\"\"Three.\"\"\"
    assert not 1
"""


def read_until(terminal: int, text: str) -> str:
    """What the program prints until it has printed this text, or ends."""
    output = ""
    while text not in output:
        assert select.select([terminal], [], [], 60)[0], output
        try:
            output += os.read(terminal, 65536).decode()
        except OSError:  # The program has ended.
            break
    return output.replace("\r", "")


@pytest.mark.lab
def test_it_waits_before_the_clean_up_and_the_pause_is_not_the_checks(tmp_path: Path) -> None:
    (tmp_path / "test_mine.py").write_text(SUITE)
    controlling, terminal = pty.openpty()
    with subprocess.Popen(
        [*SVCPROOF, "run", "--suite", ".", "--pause-on-failure"],
        cwd=tmp_path,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
    ) as process:
        os.close(terminal)
        first = read_until(controlling, PROMPT)
        kubeconfig = re.search(r"export KUBECONFIG=(\S+)", first)
        enter = re.search(r"svcproof (lab exec node-a -- )sh", first)
        assert kubeconfig, first
        assert enter, first
        rules = subprocess.run(
            [*SVCPROOF, *enter[1].split(), "nft", "list", "ruleset"],
            env=os.environ | {"KUBECONFIG": kubeconfig[1]},
            capture_output=True,
            text=True,
        )
        time.sleep(PAUSE)
        os.write(controlling, b"\n")
        second = read_until(controlling, PROMPT)
        time.sleep(PAUSE)  # Python prints the prompt a moment before it waits, and heeds no signal between.
        process.send_signal(signal.SIGINT)
        last = read_until(controlling, "results in")
        assert process.wait(60) == 2, last

    assert "FAIL one" in first
    assert "svc-one" in rules.stdout, rules
    assert "FAIL two" in second
    run = runfile.load(tmp_path / "results/latest")
    assert (run.why, [fact.id for fact in run.facts]) == ("interrupted", ["one", "two"])
    assert all(fact.seconds < PAUSE for fact in run.facts)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ([], "standard input must be a terminal, and it is none"),
        (["--workers", "2"], "--pause-on-failure pauses one process"),
    ],
)
def test_it_is_refused_where_nobody_could_press_a_key(tmp_path: Path, options: list[str], sentence: str) -> None:
    (tmp_path / "test_mine.py").write_text(SUITE)

    ended = subprocess.run(
        [*SVCPROOF, "run", "--suite", ".", "--pause-on-failure", *options],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )

    assert (ended.returncode, ended.stdout) == (4, "")
    assert sentence in ended.stderr
    assert not (tmp_path / "results").exists()
