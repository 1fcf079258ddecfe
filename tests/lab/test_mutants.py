"""Can a verdict be trusted? Each fault shows at each behaviour that says so, and none of them without a fault."""

import click
import pytest
from click.testing import CliRunner

from harness.cli import main


@pytest.mark.lab
@pytest.mark.timeout(1800)
def test_each_fault_is_caught_by_each_behaviour_that_declares_it(capsys: pytest.CaptureFixture[str]) -> None:
    told = CliRunner().invoke(main, ["mutants"])

    with capsys.disabled():
        click.echo(f"\n{told.stdout.splitlines()[-1] if told.stdout else told.stderr}")
    assert told.exit_code == 0, told.output
