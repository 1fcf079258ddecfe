"""The whole matrix: every fault of the lab, and every behaviour that says it fails under it."""

import click
import pytest
from click.testing import CliRunner, Result

from svcproof.cli import main


@pytest.mark.lab
@pytest.mark.timeout(2400)
def test_each_fault_is_caught_by_each_behaviour_that_declares_it(capsys: pytest.CaptureFixture[str]) -> None:
    told = CliRunner().invoke(main, ["mutants"])
    _tell(capsys, told)
    missed = _not_all_caught(told.stdout)

    # Where chance decides, such as which endpoint is chosen, a fault may hide once; from a sound check not twice.
    if missed:
        told = CliRunner().invoke(main, ["mutants", *(word for fault in missed for word in ("--fault", fault))])
        _tell(capsys, told)

    assert told.exit_code == 0, told.output


def _not_all_caught(text: str) -> list[str]:
    """Faults that have a line below theirs: a behaviour that declares them and missed them."""
    lines = text.splitlines()
    names = [line.split()[1] if line.startswith(("caught", "MISSED")) else "" for line in lines]
    return [name for name, below in zip(names, lines[1:], strict=False) if name and below.startswith("    ")]


def _tell(capsys: pytest.CaptureFixture[str], told: Result) -> None:
    with capsys.disabled():
        click.echo(f"\n{told.stdout.splitlines()[-1] if told.stdout else told.stderr}")
