"""The whole matrix: every fault of the lab, and every behaviour that says it fails under it."""

import click
import pytest
from click.testing import CliRunner, Result

from harness.cli import main


@pytest.mark.lab
@pytest.mark.timeout(2400)
def test_each_fault_is_caught_by_each_behaviour_that_declares_it(capsys: pytest.CaptureFixture[str]) -> None:
    told = CliRunner().invoke(main, ["mutants"])
    _tell(capsys, told)
    missed = [line.split()[1] for line in told.output.splitlines() if line.startswith("MISSED")]

    # Where chance decides, such as which endpoint is chosen, a fault may hide once; from a sound check not twice.
    if missed:
        told = CliRunner().invoke(main, ["mutants", *(word for fault in missed for word in ("--fault", fault))])
        _tell(capsys, told)

    assert told.exit_code == 0, told.output


def _tell(capsys: pytest.CaptureFixture[str], told: Result) -> None:
    with capsys.disabled():
        click.echo(f"\n{told.stdout.splitlines()[-1] if told.stdout else told.stderr}")
